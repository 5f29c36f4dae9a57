"""Whether a webhook call is Zalo's: plain SHA-256 over a concatenation, not HMAC.

``mac = sha256(app_id + raw body + timestamp + OA secret key)``; documented, not tried live.  The
body is taken as it came: written anew by a JSON library it would be another one.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_PREFIX = re.compile(r"^\s*mac\s*=\s*", re.IGNORECASE)


def mac(first: str, body: bytes, timestamp: str, secret: str) -> str:
    return hashlib.sha256(first.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def given(header: str) -> str:
    """Take the hexadecimal part out of ``X-ZEvent-Signature: mac=…``."""
    return _PREFIX.sub("", header).strip().lower()


def valid(header: str, app_id: str, body: bytes, timestamp: str, secret: str) -> bool:
    expected = mac(app_id, body, timestamp, secret).encode()
    return hmac.compare_digest(given(header).encode(errors="replace"), expected)


def other_formula(
    header: str, body: bytes, timestamp: str, app: tuple[str, str], oa: tuple[str, str]
) -> str | None:
    """Name the formula that would have matched, for the operator's log; it is never accepted.

    Which secret and which id are meant is disputed in public code.

    Args:
        header: as it came.
        body: as it came.
        timestamp: of the body.
        app: id and secret of the application.
        oa: id and secret key of the Official Account.
    """
    said = given(header)
    for name, first, secret in (
        ("app id, application secret", app[0], app[1]),
        ("OA id, OA secret key", oa[0], oa[1]),
        ("OA id, application secret", oa[0], app[1]),
    ):
        if said == mac(first, body, timestamp, secret):
            return name
    for name, secret in (("HMAC with OA secret key", oa[1]), ("HMAC with app secret", app[1])):
        if said == hmac.digest(secret.encode(), body, "sha256").hex():
            return name
    return None
