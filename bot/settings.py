"""The only reader of the environment.  ``.env.example`` lists every name; a test compares."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that differs between installations; a file ``.env`` is read as well."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default=Path(".data"), description="embedded database, media, development key"
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://…; empty starts the embedded server in DATA_DIR",
    )
    encryption_key: SecretStr = Field(
        default=SecretStr(""),
        description="base64 of 32 bytes; several, the newest first, to rotate",
    )
    media_url: str = Field(
        default="",
        description="fsspec address of photographs and voice notes; empty: DATA_DIR/media",
    )
    web_host: str = Field(default="127.0.0.1", description="address to listen on")
    web_port: int = Field(
        default=8080, description="port of web chat, webhooks, health and metrics"
    )
    public_url: str = Field(default="", description="https address people reach the web chat at")
    webchat_public: bool = Field(default=False, description="open the web chat to everybody at /")
    demo: bool = Field(
        default=False, description="demonstration people, four chats on one page; never in earnest"
    )
    demo_commune: str = Field(default="21109", description="commune of the demonstration people")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="from @BotFather")
    telegram_api_base: str = Field(
        default="https://api.telegram.org", description="Bot API server, files too"
    )
    telegram_webhook_url: str = Field(default="", description="https address; empty: polling")
    telegram_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="secret_token of the webhook, 1-256 of A-Za-z0-9_-"
    )
    zalo_app_id: str = Field(default="", description="of the application; empty: no Zalo")
    zalo_app_secret: SecretStr = Field(default=SecretStr(""), description="of the application")
    zalo_oa_id: str = Field(default="", description="of the Official Account; others are dropped")
    zalo_oa_secret_key: SecretStr = Field(
        default=SecretStr(""), description="«OA Secret Key» of the webhook page, not the app's"
    )
    zalo_refresh_token: SecretStr = Field(
        default=SecretStr(""), description="the first one, if not by zalo-login; used once"
    )
    zalo_api_base: str = Field(
        default="https://openapi.zalo.me", description="Official Account API server"
    )
    zalo_business_base: str = Field(
        default="https://business.openapi.zalo.me", description="server of templates by telephone"
    )
    zalo_oauth_base: str = Field(
        default="https://oauth.zaloapp.com", description="server of consents and tokens"
    )
    zalo_oa_pkce_verifier: SecretStr = Field(
        default=SecretStr(""), description="if the console holds the challenge; empty: made anew"
    )
    zalo_site_verification: str = Field(
        default="", description="code by which Zalo sees whose domain this is"
    )
    zalo_media_hosts: str = Field(
        default="*.zdn.vn,*.zadn.vn,*.zalo.me", description="hosts files may be fetched from"
    )
    zalo_buttons_shape: Literal["plain", "button", "list", "numbers"] = Field(
        default="plain", description="how buttons are written (disputed)"
    )
    zalo_form_picture: str = Field(
        default="https://stc-oa-chat-adm.zdn.vn/images/request-info-banner.png",
        description="picture of the card that asks for the telephone number",
    )
    zalo_paid_messages: bool = Field(
        default=False, description="write between 48 hours and 7 days of silence; each is billed"
    )
    zalo_template_id: str = Field(
        default="", description="approved template that asks silent people to write; empty: none"
    )
    zalo_template_by: Literal["uid", "phone"] = Field(
        default="uid", description="whom the template is addressed to"
    )
    zalo_template_path: str = Field(
        default="/v3.0/oa/message/template", description="where it goes by user id (disputed)"
    )
    zalo_template_data: str = Field(
        default='{"ma_ho_so": "{code}"}', description="its parameters as JSON; {code}: of the case"
    )
    zalo_takeover_minutes: int = Field(
        default=30, description="the service keeps quiet after somebody wrote in the OA's own tool"
    )
    zalo_diagnose_signature: bool = Field(
        default=False, description="log which other formula a bad signature would have matched"
    )
    telegram_per_second: float = Field(
        default=30, gt=0, description="messages a second to everybody, all processes together"
    )
    telegram_per_chat: float = Field(
        default=1, gt=0, description="messages a second to one Telegram chat"
    )
    history_days: int = Field(default=30, description="days that words of past messages are kept")
    case_days: int = Field(
        default=730,
        ge=0,
        description="days after its end that the words and files of a case are kept; 0: for ever",
    )
    take_back_seconds: float = Field(
        default=60.0, ge=0, description="a decision can be taken back this long before it is told"
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="json in production"
    )
    job_heartbeat_seconds: float = Field(
        default=10.0, description="a job of a dead process is taken over after this long"
    )
