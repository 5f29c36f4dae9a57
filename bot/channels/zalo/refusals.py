"""What Zalo's error codes mean for a message.

From the official table as of 2026-08 and an older one; which of them still occur was not tried
live.  An unknown code is tried again: a message is given up only when others go through.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import Enum, auto

from bot.channels.base import SendFailed
from handlers.desk import HERE


class Kind(Enum):
    REFRESH = auto()  # the access token is worn out: get a new one, once
    TRANSIENT = auto()
    UNREACHABLE = auto()  # this person, now: wait for them
    CONFIGURATION = auto()  # a person must put it right; the message is not to blame
    PERMANENT = auto()  # this payload will never be taken


KINDS: dict[Kind, tuple[int, ...]] = {
    Kind.REFRESH: (-216, -220, -124),
    Kind.TRANSIENT: (-32, -100, -200, -214, -234, -133),
    Kind.UNREACHABLE: (
        -211, -218, -213, -217, -222, -227, -230, -232, -244, -305, -311, -320, -321, -114, -118,
        -119, -139, -141,
    ),
    Kind.CONFIGURATION: (
        -202, -207, -208, -215, -204, -205, -209, -212, -219, -221, -224, -223, -235, -237, -238,
        -241, -403, -240, -242, -14002, -14003, -115, -131, -144, -147,
    ),
    Kind.PERMANENT: (-201, -210, -233, -248, -249, -108),
}  # fmt: skip
_BY_CODE = {code: kind for kind, codes in KINDS.items() for code in codes}
# A person must hear of these though the message itself is dealt with.
ALARMING = frozenset({-320, -321, -248, *KINDS[Kind.CONFIGURATION]})
RATE, EXPIRED, NIGHT = -32, -100, (-234, -133)
DEGRADABLE = frozenset({-201, -233})  # the shape was refused: the words alone may go
MORNING = time(6, 5)  # promotions and templates rest from 22:00 to 06:00

RATE_WAIT = 15.0  # seconds after «reached limit call api»; the limit is counted by the minute
FIX_WAIT = 300.0  # seconds until a refused configuration is worth another try


class Refused(Exception):
    """Zalo answered, and refused; its text is not repeated, for it may quote."""

    def __init__(self, code: int) -> None:
        super().__init__(f"zalo {code}")
        self.code = code
        self.kind = _BY_CODE.get(code, Kind.TRANSIENT)


class Unreachable(Exception):
    """No answer that can be read: network, time, a page of HTML."""


class NoToken(Exception):
    """There is no access token, and none to be had now."""

    def __init__(self, reason: str, wait: float) -> None:
        super().__init__(reason)
        self.wait = wait


def send_failed(error: Refused | Unreachable | NoToken, now: datetime) -> SendFailed:
    match error:
        case Unreachable():
            return SendFailed(str(error), retry=True)
        case NoToken():
            return SendFailed(str(error), retry=True, retry_after=error.wait)
        case Refused(code=code, kind=Kind.UNREACHABLE):
            return SendFailed(f"zalo {code}", retry=False, mailbox=True)
        case Refused(code=code, kind=Kind.PERMANENT):
            return SendFailed(f"zalo {code}", retry=False)
        case Refused(code=code, kind=Kind.CONFIGURATION):
            return SendFailed(f"zalo {code}", retry=True, retry_after=FIX_WAIT)
        case Refused(code=code):
            wait = RATE_WAIT if code == RATE else until_morning(now) if code in NIGHT else None
            return SendFailed(f"zalo {code}", retry=True, retry_after=wait)
    raise AssertionError(error)


def until_morning(now: datetime) -> float:
    """Seconds until five past six in Viet Nam."""
    here = now.astimezone(HERE)
    morning = datetime.combine(here.date(), MORNING, HERE)
    if morning <= here:
        morning += timedelta(days=1)
    return (morning - here).total_seconds()
