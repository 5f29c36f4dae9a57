"""Files between a browser and the service: uploads, pictures and voice notes, QR codes."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from aiohttp import BodyPartReader, web
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import clock
from bot.channels.webchat.accounts import Accounts
from bot.channels.webchat.allowance import Allowance
from bot.media import MB, MediaRefused, MediaStore, StoredFile, check, mime_of, qr_png
from handlers.messages import MediaKind
from models.cases import MediaFile
from models.conversations import Conversation

log = structlog.get_logger(__name__)

UPLOAD = 25 * MB
AROUND = 64 * 1024  # bytes of a form around its file
AN_HOUR = 300  # units an account may upload an hour; a file is one, and one more each megabyte
CHECKED_AT_ONCE = 2  # a decoded photograph may take 200 MB
KEPT = timedelta(days=3)  # an upload waits so long for its message
SWEPT = 3600.0  # seconds between looks at what is left over
MEDIA = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "Accept-Ranges": "bytes",
}
REFUSED = {
    "too_large": "Tệp quá lớn. Xin gửi ảnh, hoặc video ngắn dưới 20 MB.",
    "corrupt": "Ảnh bị hỏng, mở không được. Xin chụp và gửi lại.",
    "kind_not_accepted": "Tệp này chưa nhận được. Xin gửi ảnh, ghi âm, video, PDF, Excel, CSV.",
    "too_many": "Đã gửi rất nhiều tệp trong một giờ qua.",
}
GUESSES: dict[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video"}


class Files:
    def __init__(self, engine: AsyncEngine, store: MediaStore, accounts: Accounts) -> None:
        self._engine, self._store, self._accounts = engine, store, accounts
        self.uploads = store.folder("uploads")
        self._allowance = Allowance(AN_HOUR, AN_HOUR / 3600)
        self._checking = asyncio.Semaphore(CHECKED_AT_ONCE)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Keep a file as it came until the message that names it arrives.

        It is looked at now, so that its person hears at once when it is no use; it is made small
        and loses what else it tells (where it was taken) when its message is taken in.
        """
        address = self._accounts.known(request)
        if address is None:
            raise web.HTTPUnauthorized
        if self._accounts.foreign(request):
            raise web.HTTPForbidden
        if wait := self._allowance.wait(address):
            log.warning("webchat_uploads_limited", wait=wait)
            return _refused(429, "too_many", {"Retry-After": str(wait)})
        if (request.content_length or 0) > UPLOAD + AROUND:
            return _refused(413, "too_large")
        try:
            data, mime = await _received(request)
            self._allowance.take(address, 1 + len(data) // MB)
            async with self._checking:
                kind = await asyncio.to_thread(_kind, data, mime)
        except MediaRefused as refusal:
            return _refused(413 if refusal.reason == "too_large" else 415, refusal.reason)
        except (ValueError, AssertionError):
            return _refused(400, "kind_not_accepted")
        media_id = uuid4().hex
        await self.uploads.put(media_id, data)
        return web.json_response({"id": self._accounts.sign(address, media_id), "kind": kind})

    async def media(self, request: web.Request) -> web.StreamResponse:
        """Show a file to the account its name was signed for; never anything a browser runs."""
        address = self._accounts.known(request)
        media_id = self._accounts.signed(address, request.match_info["name"]) if address else None
        if address is None or media_id is None:
            raise web.HTTPNotFound
        file = await self._found(address, media_id)
        data, mime = file.data, file.mime
        headers = dict(MEDIA)
        if mime.partition("/")[0] not in GUESSES:
            called = f'; filename="{file.name}"' if file.name else ""
            headers["Content-Disposition"] = f"attachment{called}"
        try:
            part = request.http_range
        except ValueError as error:
            raise web.HTTPRequestRangeNotSatisfiable from error
        if part == slice(None, None, 1):
            return web.Response(body=data, content_type=mime, headers=headers)
        first, past, _ = part.indices(len(data))  # a player asks for pieces
        if first >= past:
            raise web.HTTPRequestRangeNotSatisfiable
        headers["Content-Range"] = f"bytes {first}-{past - 1}/{len(data)}"
        return web.Response(status=206, body=data[first:past], content_type=mime, headers=headers)

    async def _found(self, address: str, media_id: str) -> StoredFile:
        """A stored file, or somebody's own upload by its name: as stored, if it is by now."""
        async with self._engine.connect() as db:
            stored = (
                await db.execute(
                    select(MediaFile.id, MediaFile.mime, MediaFile.name)
                    .outerjoin(Conversation, Conversation.id == MediaFile.conversation_id)
                    .where(
                        or_(
                            MediaFile.id == UUID(media_id),
                            and_(
                                Conversation.channel == "webchat",
                                Conversation.address == address,
                                MediaFile.ref == media_id,
                            ),
                        ),
                        MediaFile.stored_at.is_not(None),
                    )
                )
            ).first()
        try:
            if stored is not None:
                data = await self._store.get(stored.id.hex)
                return StoredFile(data, mime_of(data, stored.mime), "", stored.name)
        except (FileNotFoundError, ValueError):
            pass
        try:
            data = await self.uploads.get(media_id)
            return StoredFile(data, mime_of(data), "")
        except (FileNotFoundError, ValueError) as error:
            raise web.HTTPNotFound from error

    async def qr(self, request: web.Request) -> web.StreamResponse:
        text = request.query.get("text", "")
        if not re.match(r"https?://", text) or len(text) > 300:
            raise web.HTTPBadRequest
        if self._accounts.known(request) is None:
            raise web.HTTPUnauthorized
        headers = {"Cache-Control": "private, max-age=86400"}
        return web.Response(body=qr_png(text), content_type="image/png", headers=headers)

    async def sweep(self) -> int:
        """Remove uploads that are stored or refused by now, or that no message ever named."""
        now = clock.now()
        waiting = await self.uploads.ages(now)
        async with self._engine.connect() as db:
            done = set(
                await db.scalars(
                    select(MediaFile.ref).where(
                        MediaFile.ref.in_(list(waiting)),
                        or_(MediaFile.stored_at.is_not(None), MediaFile.refused.is_not(None)),
                    )
                )
            )
        gone = [one for one, age in waiting.items() if one in done or age > KEPT]
        for one in gone:
            await self.uploads.delete(one)
        return len(gone)


async def _received(request: web.Request) -> tuple[bytes, str | None]:
    """Read the one file of a form."""
    field = await (await request.multipart()).next()
    if not isinstance(field, BodyPartReader):
        raise ValueError("no file")  # noqa: TRY004 - of the request, not of the program
    data = bytearray()
    while chunk := await field.read_chunk(256 * 1024):
        data += chunk
        if len(data) > UPLOAD:
            raise MediaRefused("too_large")
    return bytes(data), field.headers.get("Content-Type")


def _kind(data: bytes, mime: str | None) -> MediaKind:
    guess = GUESSES.get((mime or "").partition("/")[0], "document")
    return check(data, guess, mime).kind


def _refused(status: int, reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": REFUSED[reason]}, status=status, headers=headers)
