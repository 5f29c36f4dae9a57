"""The key ring: from the environment, or a development key in the data folder."""

from __future__ import annotations

import structlog

from bot.settings import Settings
from models import vault

log = structlog.get_logger(__name__)


def use_keys(settings: Settings) -> vault.Vault:
    """Put the ring in use for this process.

    Without ``ENCRYPTION_KEY`` a key is made once in ``DATA_DIR/development.key``, with a warning:
    whoever has the folder has the data.
    """
    keys = settings.encryption_key.get_secret_value()
    if not keys:
        path = settings.data_dir / "development.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(vault.new_key())
        log.warning("development_key_used", file=str(path), set="ENCRYPTION_KEY")
        keys = path.read_text().strip()
    ring = vault.Vault(keys)
    vault.use(ring)
    return ring
