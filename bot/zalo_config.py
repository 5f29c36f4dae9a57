"""The settings of Zalo as its channel takes them; what is missing is said at the start."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.channels.zalo.config import Config
from bot.settings import Settings


class BadSetting(ValueError):
    """A setting that the service cannot work with."""


def zalo_config(settings: Settings) -> Config | None:
    """Read the settings; None when Zalo is not configured.

    Raises:
        BadSetting: it is half configured.
    """
    if not settings.zalo_app_id:
        return None
    for name in ("zalo_app_secret", "zalo_oa_secret_key"):
        if not getattr(settings, name).get_secret_value():
            raise BadSetting(f"{name.upper()} is empty, but ZALO_APP_ID is set")
    hosts = tuple(one.strip() for one in settings.zalo_media_hosts.split(",") if one.strip())
    return Config(
        app_id=settings.zalo_app_id,
        app_secret=settings.zalo_app_secret.get_secret_value(),
        oa_id=settings.zalo_oa_id,
        oa_secret=settings.zalo_oa_secret_key.get_secret_value(),
        folder=(settings.data_dir / "zalo").resolve(),
        refresh_token=settings.zalo_refresh_token.get_secret_value(),
        pkce_verifier=settings.zalo_oa_pkce_verifier.get_secret_value(),
        api=settings.zalo_api_base.rstrip("/"),
        business=settings.zalo_business_base.rstrip("/"),
        oauth=settings.zalo_oauth_base.rstrip("/"),
        media_hosts=hosts,
        buttons=settings.zalo_buttons_shape,
        form_picture=settings.zalo_form_picture,
        paid=settings.zalo_paid_messages,
        template_id=settings.zalo_template_id,
        template_by=settings.zalo_template_by,
        template_path=settings.zalo_template_path,
        template_data=_template_data(settings.zalo_template_data),
        takeover=timedelta(minutes=settings.zalo_takeover_minutes),
        verification=settings.zalo_site_verification,
        diagnose_signature=settings.zalo_diagnose_signature,
        public_url=settings.public_url,
    )


def _template_data(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadSetting("ZALO_TEMPLATE_DATA is not JSON") from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise BadSetting("ZALO_TEMPLATE_DATA is not an object of strings")
    return found
