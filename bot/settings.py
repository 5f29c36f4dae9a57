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
