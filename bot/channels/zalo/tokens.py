"""The tokens of an Official Account: an access token for a day, a refresh token for one use.

A refresh token is dead the moment Zalo has read it.  So one process at a time may spend it: it
claims the row for longer than a request can take, keeps the answer on disk before anything else,
and commits it before its first use.  What cannot be saved is an answer that never arrived here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.zalo import metrics
from bot.channels.zalo.config import Config
from bot.channels.zalo.refusals import NoToken, Unreachable
from bot.channels.zalo.vaulted import Vaulted
from models.zalo import ZaloToken

log = structlog.get_logger(__name__)

REQUEST = 20.0  # seconds a request for tokens may take altogether
CLAIM = timedelta(seconds=60)  # longer than that
EARLY = timedelta(hours=5)  # before the end of 25 hours: missed runs of a night do no harm
LAST = timedelta(minutes=1)  # nothing is sent with a token that ends within this
LIFE = timedelta(days=90)  # of a refresh token
REFUSED_WAIT = timedelta(minutes=10)  # until a refused refresh token is tried again
CACHED = 15.0  # seconds a process believes what it has read

Ask = Callable[[Mapping[str, str]], Awaitable[dict[str, Any]]]  # a form to the OAuth server


@dataclass(frozen=True, slots=True)
class Access:
    token: str
    generation: int


class Tokens:
    """Gives the access token of the moment; one instance a process."""

    def __init__(
        self, engine: AsyncEngine, config: Config, clock: Callable[[], datetime], ask: Ask
    ) -> None:
        self._engine, self._config, self._clock, self._ask = engine, config, clock, ask
        self._here = ZaloToken.app_id == config.app_id
        self._rescue = Vaulted(config.folder / f"token-{config.app_id}.sealed")
        self._cached: tuple[float, Access, datetime] | None = None

    async def current(self) -> Access:
        """Give the access token.

        Raises:
            NoToken: there is none, and none to be had now.
        """
        now = asyncio.get_running_loop().time()
        if self._cached and now - self._cached[0] < CACHED:
            _, access, expires = self._cached
            if expires > self._clock() + LAST:
                return access
        row = await self._row()
        if row is None:
            raise NoToken("no token: run zalo-login", REFUSED_WAIT.total_seconds())
        if row["tokens"].get("access") and row["expires_at"] > self._clock() + LAST:
            return self._keep(row)
        return await self.renewed(row["generation"])

    async def renewed(self, worn_out: int) -> Access:
        """Give a token of a later generation than the one that Zalo refused or that ran out.

        Raises:
            NoToken: Zalo refuses, or cannot be reached.
        """
        deadline = asyncio.get_running_loop().time() + CLAIM.total_seconds() / 2
        while True:
            row = await self._row()
            if row is None:
                raise NoToken("no token: run zalo-login", REFUSED_WAIT.total_seconds())
            if row["generation"] > worn_out and row["tokens"].get("access"):
                return self._keep(row)
            if await self._rescued(row):
                continue
            refused = row["refused_at"]
            if refused is not None and refused > self._clock() - REFUSED_WAIT:
                raise NoToken("refresh token refused", REFUSED_WAIT.total_seconds())
            if await self._claim(row["generation"]):
                await self._spend(row)
                continue
            if asyncio.get_running_loop().time() > deadline:
                raise NoToken("another process is refreshing", 5.0)
            await asyncio.sleep(0.2)

    async def refresh_early(self) -> None:
        """Renew well before the end; the minute job of any process calls this."""
        await self.seed()
        row = await self._row()
        if row is None or await self._rescued(row):
            return
        if row["expires_at"] < self._clock() + EARLY:
            try:
                await self.renewed(row["generation"])
            except NoToken as error:
                log.warning("zalo_refresh_failed", reason=str(error))

    async def seed(self) -> None:
        """Take the configured refresh token over, once for each that is configured."""
        given = self._config.refresh_token
        if not given:
            return
        seed = hashlib.sha256(given.encode()).digest()
        row = await self._row()
        if row is None or seed not in _seeds(row["seed"]):
            await self.store({"access": "", "refresh": given}, self._clock(), seed)

    async def store(
        self, tokens: dict[str, str], expires_at: datetime, seed: bytes | None = None
    ) -> None:
        """Put tokens that a person brought over whatever is there.

        ``seed`` is the hash of a configured token: of processes that start together, or with
        older settings, none may bring a token back that was spent long ago.
        """
        values: dict[str, Any] = {
            "tokens": tokens,
            "rotated_at": self._clock(),
            "expires_at": expires_at,
            "claimed_until": None,
            "refused_at": None,
            "alarmed_at": None,
            "trouble": None,
            "trouble_at": None,
        }
        async with self._engine.begin() as db:
            await db.execute(select(func.pg_advisory_xact_lock(LOCK)))
            row = (await db.execute(select(ZaloToken.seed).where(self._here))).one_or_none()
            seen = _seeds(row.seed) if row else []
            if seed is not None:
                if seed in seen:
                    return
                values["seed"] = b"".join([*seen, seed])
            if row is None:
                await db.execute(insert(ZaloToken).values(app_id=self._config.app_id, **values))
            else:
                after = ZaloToken.generation + 1
                await db.execute(
                    update(ZaloToken).where(self._here).values(generation=after, **values)
                )
        self._cached = None
        log.info("zalo_tokens_taken_over", configured=seed is not None)

    async def exchange(self, code: str, verifier: str) -> None:
        """Turn the code of a consent into tokens, and store them.

        Raises:
            NoToken: Zalo refuses the code.
            Unreachable: no answer.
        """
        answer = await self._ask(
            {
                "code": code,
                "app_id": self._config.app_id,
                "grant_type": "authorization_code",
                "code_verifier": verifier,
            }
        )
        tokens, expires_at = self._read(answer)
        await self.store(tokens, expires_at)

    async def _row(self) -> dict[str, Any] | None:
        async with self._engine.connect() as db:
            row = (await db.execute(select(ZaloToken.__table__).where(self._here))).mappings()
            found = row.one_or_none()
        return {**found, "tokens": found["tokens"] or {}} if found else None

    def _keep(self, row: Mapping[str, Any]) -> Access:
        access = Access(row["tokens"]["access"], row["generation"])
        self._cached = (asyncio.get_running_loop().time(), access, row["expires_at"])
        return access

    async def _claim(self, generation: int) -> bool:
        """Become the one that spends the refresh token of a generation."""
        now = func.clock_timestamp()
        async with self._engine.begin() as db:
            await db.execute(select(func.pg_advisory_xact_lock(LOCK)))
            claimed = await db.execute(
                update(ZaloToken)
                .where(
                    self._here,
                    ZaloToken.generation == generation,
                    or_(ZaloToken.claimed_until.is_(None), ZaloToken.claimed_until < now),
                )
                .values(claimed_until=now + CLAIM)
            )
        return bool(claimed.rowcount)

    async def _spend(self, row: Mapping[str, Any]) -> None:
        """Spend the refresh token, claimed before, and store what comes for it."""
        generation = row["generation"]
        form = {
            "refresh_token": row["tokens"]["refresh"],
            "app_id": self._config.app_id,
            "grant_type": "refresh_token",
        }
        try:
            answer = await self._ask(form)
        except Unreachable as error:
            metrics.REFRESHES.labels("unreachable").inc()
            await self._let_go(generation, refused=False)
            raise NoToken(f"token server: {error}", 30.0) from error
        try:
            tokens, expires_at = self._read(answer)
        except NoToken:
            metrics.REFRESHES.labels("refused").inc()
            await self._let_go(generation, refused=True)
            log.error("zalo_refresh_token_refused", do="zalo-login")  # noqa: TRY400
            raise
        rescue = {
            "generation": generation + 1,
            "tokens": tokens,
            "expires_at": expires_at.isoformat(),
        }
        await self._rescue.write(json.dumps(rescue).encode())
        await self._commit(rescue)
        metrics.REFRESHES.labels("done").inc()
        log.info("zalo_token_refreshed", generation=generation + 1)

    def _read(self, answer: Mapping[str, Any]) -> tuple[dict[str, str], datetime]:
        """Both tokens must be there: errors come with status 200, and without a number."""
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            code = answer.get("error")
            raise NoToken(
                f"token refused: {code if isinstance(code, int) else '?'}",
                REFUSED_WAIT.total_seconds(),
            )
        try:
            seconds = int(answer.get("expires_in", 0))
        except (TypeError, ValueError):
            seconds = 0
        seconds = seconds if 60 <= seconds <= 100_000 else 3600
        return {"access": access, "refresh": refresh}, self._clock() + timedelta(seconds=seconds)

    async def _commit(self, rescue: Mapping[str, Any]) -> None:
        """Store a new pair over the generation it came from, and over no other."""
        made = rescue["generation"]
        async with self._engine.begin() as db:
            await db.execute(select(func.pg_advisory_xact_lock(LOCK)))
            stored = await db.execute(
                update(ZaloToken)
                .where(self._here, ZaloToken.generation == made - 1)
                .values(
                    tokens=rescue["tokens"],
                    generation=made,
                    rotated_at=self._clock(),
                    expires_at=datetime.fromisoformat(rescue["expires_at"]),
                    claimed_until=None,
                    refused_at=None,
                )
            )
        if not stored.rowcount:
            log.error("zalo_token_overtaken", generation=made)

    async def _rescued(self, row: Mapping[str, Any]) -> bool:
        """Store a pair that a process got and died with, or could not commit."""
        kept = await self._rescue.read()
        if kept is None:
            return False
        rescue = json.loads(kept)
        if rescue["generation"] != row["generation"] + 1:
            return False
        await self._commit(rescue)
        log.warning("zalo_token_rescued", generation=rescue["generation"])
        return True

    async def _let_go(self, generation: int, *, refused: bool) -> None:
        values: dict[str, Any] = {"claimed_until": None}
        if refused:
            values["refused_at"] = self._clock()
        try:
            async with self._engine.begin() as db:
                await db.execute(
                    update(ZaloToken)
                    .where(self._here, ZaloToken.generation == generation)
                    .values(**values)
                )
        except (DBAPIError, OSError) as error:  # the claim ends by itself
            log.warning("zalo_claim_not_ended", error=type(error).__name__)


def _seeds(stored: bytes | None) -> list[bytes]:
    stored = stored or b""
    return [stored[at : at + 32] for at in range(0, len(stored), 32)]


LOCK = 0x7A616C6F  # "zalo": claims and results take turns
