"""``python -m bot zalo-login``: the first consent of an Official Account, or the next one."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import prepared
from bot.channels.zalo.client import Client
from bot.channels.zalo.login import CALLBACK, begin, code_of
from bot.channels.zalo.refusals import NoToken, Unreachable
from bot.settings import Settings
from bot.zalo_config import BadSetting, zalo_config


async def login(settings: Settings, ask: Callable[[], str], tell: Callable[[str], None]) -> bool:
    """Lead an operator through the consent; True when the tokens are stored.

    Args:
        settings: of the service; the database must be reachable.
        ask: reads the address the browser ended at.
        tell: shows a line.
    """
    config = zalo_config(settings)
    if config is None:
        raise BadSetting("ZALO_APP_ID is empty")
    if not settings.public_url.startswith("http"):
        raise BadSetting("PUBLIC_URL is empty: the consent must end at an address of ours")
    consent = begin(config, settings.public_url.rstrip("/") + CALLBACK)
    tell("An administrator of the Official Account opens this address and agrees:")
    tell(consent.url)
    tell("Then paste the whole address of the page the browser ended at:")
    try:
        code = code_of(ask(), consent, config.oa_id)
    except ValueError as problem:
        tell(str(problem))
        return False
    async with prepared(settings) as app:
        client = Client(app.engine, config, app.now)
        try:
            await client.tokens.exchange(code, consent.verifier)
        except (NoToken, Unreachable) as error:
            tell(f"Zalo did not give tokens: {error}")
            return False
        finally:
            await client.close()
    tell("Tokens stored. Running processes use them within seconds.")
    return True
