"""How much one account may bring in a while, so that one page cannot fill the disk."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FORGET = 10_000  # accounts remembered before those that are rested are forgotten


@dataclass(slots=True)
class Allowance:
    """A bucket for each account: it holds ``most`` and fills at ``per_second``.

    Kept in memory: several processes allow a little more, a new start forgives.
    """

    most: float
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, address: str) -> int:
        """Seconds until something is allowed again; 0 when it is now."""
        left = self._now(address)
        return 0 if left >= 1 else math.ceil((1 - left) / self.per_second)

    def take(self, address: str, amount: float = 1) -> None:
        """Use some up.  A large piece may be taken on credit: it makes the next wait longer."""
        if len(self._left) > FORGET:
            self._left = {
                one: kept for one, kept in self._left.items() if self._now(one) < self.most
            }
        self._left[address] = (self._now(address) - amount, self.clock())

    def _now(self, address: str) -> float:
        left, at = self._left.get(address, (self.most, 0.0))
        return min(self.most, left + (self.clock() - at) * self.per_second)
