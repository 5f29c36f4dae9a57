"""Who is at the page: a cookie is the account; demonstration people have fixed ones."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from aiohttp import web

COOKIE = "trogiup"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{40,100}")
A_YEAR = 365 * 24 * 3600
DEMO_ROLES = ("citizen", "village_head", "officer", "leader", "province", "province_2")


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of the page.

    Only the hash of a cookie is the address in the database, so that whoever reads the database
    cannot sit down in somebody's chat.
    """

    key: bytes
    public: bool
    demo: bool
    secure: bool  # the page is served over https

    def known(self, request: web.Request) -> str | None:
        """The address of whoever asks, None when there is none (yet)."""
        role = request.query.get("as", "")
        if self.demo and role in DEMO_ROLES:
            return f"demo-{role}"
        cookie = request.cookies.get(COOKIE, "")
        if not self.public or not WELL_FORMED.fullmatch(cookie):
            return None
        return hashlib.sha256(cookie.encode()).hexdigest()[:40]

    def welcome(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a newcomer a cookie; the cookie of an old acquaintance lasts another year.

        It is ``Lax``: who comes from a link in another chat or on another site is to find the old
        conversation, and a ``Strict`` cookie would not be seen on that first request.
        """
        if not self.public:
            return
        cookie = request.cookies.get(COOKIE, "")
        if not WELL_FORMED.fullmatch(cookie):
            cookie = secrets.token_urlsafe(32)
        response.set_cookie(
            COOKIE, cookie, max_age=A_YEAR, httponly=True, secure=self.secure, samesite="Lax"
        )

    def foreign(self, request: web.Request) -> bool:
        """Whether another site's page is asking.  What is no browser sends no origin."""
        origin = request.headers.get("Origin")
        return origin is not None and origin.partition("://")[2] != request.host

    def sign(self, address: str, media_id: str) -> str:
        """A media id that only this account can read with."""
        return f"{media_id}.{self._mark(address, media_id)}"

    def signed(self, address: str, name: str) -> str | None:
        """The media id of a signed name, None if it was made for somebody else."""
        media_id, _, mark = name.partition(".")
        good = hmac.compare_digest(mark, self._mark(address, media_id))
        return media_id if good else None

    def _mark(self, address: str, media_id: str) -> str:
        return hmac.digest(self.key, f"{address}/{media_id}".encode(), "sha256").hex()[:32]
