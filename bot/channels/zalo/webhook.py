"""What Zalo calls: an event is verified, stored and answered; a job works on it afterwards.

Every call gets 200 within two seconds, a bad signature too: Zalo registers only an address that
answers so, and gives up on one that does not.  The one exception is a call that neither the
database nor the disk can hold: that gets 503, and Zalo brings it again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from aiohttp import web
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import trouble
from bot.channels.zalo import metrics, parse, signature
from bot.channels.zalo.config import Config
from bot.channels.zalo.spool import Spool, Spooled
from bot.trouble import Trouble
from models.jobs import Job, enqueue
from models.outbox import Lane
from models.zalo import ZaloEvent

log = structlog.get_logger(__name__)

PATH = "/zalo/webhook"
HEADER = "X-ZEvent-Signature"
JOB = "zalo_event"
LARGEST = 1024 * 1024  # bytes of one event
READING = 1.0  # seconds for the body to arrive,
STORING = 0.7  # and for the database, out of the two that Zalo waits
LOOK_AGAIN = 0.5  # seconds between looks at the spool while something waits there
LOOK_IDLE = 5.0  # and while nothing does: another process may have left something
BATCH = 100  # spooled events stored in one transaction
TEST_WORDS = "There Is No Limit To What You Can Accomplish Using Zalo!"


class Webhook:
    """Receives while the channel runs."""

    def __init__(self, engine: AsyncEngine, config: Config, clock: Callable[[], datetime]) -> None:
        self._engine, self._config, self._clock = engine, config, clock
        self._spool = Spool(config.folder)
        self._draining: asyncio.Task[None] | None = None
        self._storing: set[asyncio.Task[int]] = set()
        self._told_formula = False

    def start(self) -> None:
        self._draining = asyncio.create_task(self._drain())

    async def stop(self) -> None:
        if self._draining is not None:
            self._draining.cancel()
            await asyncio.gather(self._draining, return_exceptions=True)
        if self._storing:
            await asyncio.wait(self._storing, timeout=STORING)

    def routes(self) -> list[web.RouteDef]:
        found = [web.post(PATH, self.take), web.get(PATH, self.probe)]
        if code := self._config.verification:
            found.append(web.get(f"/zalo_verifier{code}.html", self.verify))
        return found

    async def probe(self, _: web.Request) -> web.Response:
        """Somebody looks whether the address answers."""
        return web.Response(text="ok")

    async def verify(self, _: web.Request) -> web.Response:
        """The file by which Zalo sees whose domain this is."""
        page = (
            f"<html><head>{meta(self._config.verification)}</head><body>{TEST_WORDS}</body></html>"
        )
        return web.Response(text=page, content_type="text/html")

    async def take(self, request: web.Request) -> web.Response:
        now = self._clock()
        body = await self._body(request)
        outcome = self._refused(request, body, now) if body else "empty"
        if outcome is None and body is not None:
            outcome = await self._keep(Spooled(body, now))
        metrics.WEBHOOK.labels(outcome).inc()
        return web.Response(status=503 if outcome == "lost" else 200)

    async def _body(self, request: web.Request) -> bytes | None:
        body = bytearray()
        try:
            async with asyncio.timeout(READING):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > LARGEST:
                        return None
        except (TimeoutError, OSError):  # Zalo brings it again
            return None
        return bytes(body)

    def _refused(self, request: web.Request, body: bytes, now: datetime) -> str | None:
        """Say why an event is dropped; None if it is to be kept."""
        raw = parse.load(body)
        if raw is None:
            return "unreadable"
        stamp, config = parse.timestamp(raw), self._config
        header = request.headers.get(HEADER, "")
        if not signature.valid(header, config.app_id, body, stamp, config.oa_secret):
            log.warning("zalo_signature_bad", given=bool(header))
            if config.diagnose_signature:
                self._diagnose(header, body, stamp)
            return "bad_signature"
        self._say_formula()
        oa = parse.oa_of(raw)
        if oa == parse.CONSOLE or (config.oa_id and oa and oa != config.oa_id):
            return "not_ours"
        heard = parse.read(raw, body, now)
        if heard.what == "nothing" and not heard.interaction:
            metrics.EVENTS.labels("unknown").inc()
            return "nothing"
        return None

    def _say_formula(self) -> None:
        """Say once that the documented formula and the OA secret key are the right ones."""
        if not self._told_formula:
            self._told_formula = True
            log.info("zalo_signature_good", formula="app id, OA secret key")

    def _diagnose(self, header: str, body: bytes, stamp: str) -> None:
        config = self._config
        app, oa = (config.app_id, config.app_secret), (config.oa_id, config.oa_secret)
        formula = signature.other_formula(header, body, stamp, app, oa)
        log.warning("zalo_signature_other_formula", formula=formula)

    async def _keep(self, spooled: Spooled) -> str:
        """Store an event; on this machine's disk if the database does not take it in time.

        While older events wait on the disk newer ones join them, so that their order stays.
        """
        if not self._spool.waiting:
            # not cancelled when it takes too long: ending it would take time as well, and an event
            # that is stored after all is known by its key
            storing = asyncio.create_task(self._store([spooled]))
            self._storing.add(storing)
            storing.add_done_callback(self._stored)
            done, _ = await asyncio.wait({storing}, timeout=STORING)
            if done and storing.exception() is None:
                return "stored" if storing.result() else "repeated"
        try:
            await self._spool.put(spooled)
        except OSError as error:
            log.error("zalo_event_not_kept", error=type(error).__name__)  # noqa: TRY400
            return "lost"
        return "spooled"

    def _stored(self, storing: asyncio.Task[int]) -> None:
        self._storing.discard(storing)
        error = None if storing.cancelled() else storing.exception()
        if error is not None:
            away = trouble.kind(error) is not Trouble.OURS
            log.warning("zalo_event_not_stored", error=type(error).__name__, away=away)

    async def _store(self, events: list[Spooled]) -> int:
        """Store events with their jobs in one commit; how many were new."""
        new = 0
        async with self._engine.begin() as db:
            for spooled in events:
                raw = parse.load(spooled.body) or {}
                heard = parse.read(raw, spooled.body, spooled.at)
                # a receipt may have to wait for its message, and nothing else is to wait with it
                receipt = heard.what == "receipt"
                worked_for = f"{heard.user_id}#receipts" if receipt else heard.user_id
                made = await db.scalar(
                    insert(ZaloEvent)
                    .values(
                        key=heard.key,
                        user_id=worked_for,
                        sent_at=heard.sent_at or spooled.at,
                        body={"raw": spooled.body.decode(errors="replace")},
                    )
                    .on_conflict_do_nothing(index_elements=["key"])
                    .returning(ZaloEvent.id)
                )
                if made is not None:
                    new += 1
                    lane = Lane.BULK if receipt else Lane.REPLY
                    await enqueue(db, [Job(JOB, worked_for, int(lane))])
        return new

    async def _drain(self) -> None:
        """Store what waits on the disk, as soon as the database takes it."""
        while True:
            with contextlib.suppress(OSError):
                names = await self._spool.names()
                self._spool.settle(len(names))
                while names:
                    batch, names = names[:BATCH], names[BATCH:]
                    if not await self._drained(batch):
                        break
            await asyncio.sleep(LOOK_AGAIN if self._spool.waiting else LOOK_IDLE)

    async def _drained(self, batch: list[Path]) -> bool:
        found = [(path, await self._spool.get(path)) for path in batch]
        try:
            await self._store([one for _, one in found if one is not None])
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.info("zalo_spool_waits", events=len(batch), error=type(error).__name__)
            return False
        for path, one in found:
            await (self._spool.drop(path) if one is not None else self._spool.set_aside(path))
        return True


def meta(code: str) -> str:
    """The tag by which Zalo sees whose domain this is."""
    return f'<meta name="zalo-platform-site-verification" content="{code}" />'
