"""The first consent: an administrator of the Official Account agrees in a browser, once.

PKCE both ways: descriptions disagree on whether the challenge is saved in the console, so that one
verifier serves for years, or is made anew for each consent.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channels.zalo.config import Config

CALLBACK = "/zalo/callback"


@dataclass(frozen=True, slots=True)
class Consent:
    """One attempt."""

    url: str  # to open in a browser
    verifier: str
    state: str


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_verifier() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def begin(config: Config, redirect: str) -> Consent:
    """Make the address of a consent."""
    verifier = config.pkce_verifier or new_verifier()
    state = secrets.token_urlsafe(12)
    asked = {
        "app_id": config.app_id,
        "redirect_uri": redirect,
        "code_challenge": challenge(verifier),
        "state": state,
    }
    return Consent(f"{config.oauth}/v4/oa/permission?{urlencode(asked)}", verifier, state)


def code_of(pasted: str, consent: Consent, oa_id: str) -> str:
    """Take the code out of the address the browser ended at, or the code itself.

    Raises:
        ValueError: it is the answer to another consent, of another account, or none at all.
    """
    pasted = pasted.strip()
    if "?" not in pasted:
        if not pasted or any(char.isspace() or char in "/&=" for char in pasted):
            raise ValueError("paste the whole address the browser ended at")
        return pasted
    answer = {name: values[0] for name, values in parse_qs(urlsplit(pasted).query).items()}
    if "code" not in answer:
        raise ValueError("no code in this address; was the consent given?")
    # whether the state comes back is not documented; a wrong one is refused, a missing one is not
    if answer.get("state", consent.state) != consent.state:
        raise ValueError("this address answers another consent: begin again")
    if oa_id and answer.get("oa_id", oa_id) != oa_id:
        raise ValueError(f"consent of OA {answer['oa_id']}, expected ZALO_OA_ID={oa_id}")
    return answer["code"]
