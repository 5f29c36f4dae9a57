"""What can differ between installations, and what is disputed about Zalo: all in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

ButtonsShape = Literal["plain", "button", "list", "numbers"]
TemplateBy = Literal["uid", "phone"]


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one Official Account; see ``bot/settings.py`` for what each means."""

    app_id: str
    app_secret: str
    oa_id: str
    oa_secret: str
    folder: Path  # for what must survive while the database is away
    refresh_token: str = ""
    pkce_verifier: str = ""
    api: str = "https://openapi.zalo.me"
    business: str = "https://business.openapi.zalo.me"
    oauth: str = "https://oauth.zaloapp.com"
    media_hosts: tuple[str, ...] = ("*.zdn.vn", "*.zadn.vn", "*.zalo.me")
    buttons: ButtonsShape = "plain"
    form_picture: str = ""
    paid: bool = False
    template_id: str = ""
    template_by: TemplateBy = "uid"
    template_path: str = "/v3.0/oa/message/template"
    template_data: Mapping[str, str] = field(default_factory=dict)
    takeover: timedelta = timedelta(minutes=30)
    verification: str = ""
    diagnose_signature: bool = False
    public_url: str = ""
