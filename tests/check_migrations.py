"""Up, down and up again, and tables like the models: ``make check``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from alembic import command

from bot.database import alembic_config, embedded_server


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-check-") as folder:
        Path(folder).chmod(0o755)
        with embedded_server(Path(folder)) as url:
            config = alembic_config(url)
            command.upgrade(config, "head")
            command.downgrade(config, "base")
            command.upgrade(config, "head")
            command.check(config)


main()
