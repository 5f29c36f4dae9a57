"""A job that cannot be done now and goes back into the queue."""

from __future__ import annotations

from datetime import timedelta


class Later(Exception):
    """Nothing could be done now; ``wait`` says how long to leave it."""

    def __init__(self, wait: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.wait, self.reason = wait, reason
