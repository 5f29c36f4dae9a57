"""Photographs and voice notes: what is accepted, how it is made small, where it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import io
import math
import os
import re
import warnings
import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Literal

import fsspec
import segno
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from handlers.messages import MediaKind, Position

Refusal = Literal["too_large", "corrupt", "kind_not_accepted"]

MB = 1024 * 1024
LARGEST = {"photo": 20 * MB, "voice": 10 * MB, "video": 20 * MB, "document": 20 * MB}
PIXELS = 64_000_000  # above what telephones make; decoded, three bytes each
SIDE = 2048  # pixels of the longer side of a stored photograph
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
GPS = 0x8825  # EXIF directory of the position

register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file, ready to be sent."""

    data: bytes
    mime: str
    kind: str
    name: str | None = None  # None: nobody gave it one


class MediaRefused(Exception):
    """A file is not kept; ``reason`` is one of a closed list."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it may be stored."""

    data: bytes
    mime: str
    extension: str
    kind: MediaKind
    width: int | None = None  # pixels, of photographs
    height: int | None = None
    position: Position | None = None  # where the photograph was taken, if it said so


# What a file is, is read from its first bytes; what it is called or declared is not believed.
SNIFFED: tuple[tuple[bytes, tuple[MediaKind, str, str]], ...] = (
    (rb"\xff\xd8\xff", ("photo", "image/jpeg", "jpg")),
    (rb"\x89PNG\r\n\x1a\n", ("photo", "image/png", "png")),
    (rb"RIFF....WEBP", ("photo", "image/webp", "webp")),
    (rb"....ftyp(heic|heix|hevc|hevx|heim|heis|mif1|msf1)", ("photo", "image/heic", "heic")),
    (rb"....ftyp(M4A |M4B )", ("voice", "audio/mp4", "m4a")),
    (rb"....ftyp(iso|mp4[12]|avc1|M4V |MSNV|qt  |3gp|dash)", ("video", "video/mp4", "mp4")),
    (rb"OggS", ("voice", "audio/ogg", "ogg")),
    (rb"\x1aE\xdf\xa3.{0,60}webm", ("video", "video/webm", "webm")),
    (rb"ID3|\xff[\xfb\xf3\xf2\xfa]", ("voice", "audio/mpeg", "mp3")),
    (rb"\xff[\xf1\xf9]", ("voice", "audio/aac", "aac")),
    (rb"#!AMR", ("voice", "audio/amr", "amr")),
    (rb"RIFF....WAVE", ("voice", "audio/wav", "wav")),
    (rb"%PDF-", ("document", "application/pdf", "pdf")),
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv"
EXTENSIONS = {XLSX: "xlsx", DOCX: "docx", CSV: "csv"}  # told by their content, not first bytes
SHEET = 5 * MB  # bytes of a spreadsheet; a list of 500 households takes 60 kB
UNPACKED, PARTS = 60 * MB, 300  # what a spreadsheet may unpack to, and from how many parts
# HTML, SVG, archives, programs, other pictures: whole, but not what was asked for
NO_PICTURE = re.compile(rb"(\xef\xbb\xbf)?\s*<|PK|MZ|\x7fELF|#!|GIF8|BM|II\*|MM\x00\*")


def check(data: bytes, kind: MediaKind, mime: str | None = None) -> Checked:
    """Say what a file is and make it fit to be stored; slow, so call it in a thread.

    Args:
        data: the file.
        kind: what the channel took it for.
        mime: what the channel says; settles only whether a container holds sound or pictures.

    Raises:
        MediaRefused: it is too large, broken, or nothing that is accepted.
    """
    if kind not in LARGEST:
        raise MediaRefused("kind_not_accepted")
    if len(data) > LARGEST[kind]:
        raise MediaRefused("too_large")
    found = _sniff(data) or (_sheet(data) if kind == "document" else None)
    if found is None:
        broken = kind == "photo" and not NO_PICTURE.match(data)
        raise MediaRefused("corrupt" if broken else "kind_not_accepted")
    real, real_mime, extension = found
    if real == "photo":
        return _photo(data)
    if real == "video" and (kind == "voice" or (mime or "").startswith("audio/")):
        # browsers record voice into the containers of video
        real, real_mime = "voice", real_mime.replace("video/", "audio/")
    if kind not in {real, "document"}:
        raise MediaRefused("kind_not_accepted")
    if len(data) > LARGEST[real]:
        raise MediaRefused("too_large")
    return Checked(data, real_mime, extension, real)


def mime_of(data: bytes, noted: str | None = None) -> str:
    """Say what a stored file is; never anything a browser would run.

    ``noted`` is what was noted when it was checked or made: it settles what has no first bytes
    of its own.
    """
    found = _sniff(data)
    if found:
        return found[1]
    return noted if noted in EXTENSIONS else "application/octet-stream"


def qr_png(text: str) -> bytes:
    """Draw a QR code large enough for the camera of a cheap telephone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()


def _sniff(data: bytes) -> tuple[MediaKind, str, str] | None:
    for pattern, found in SNIFFED:
        if re.match(pattern, data, re.DOTALL):
            return found
    return None


def _sheet(data: bytes) -> tuple[MediaKind, str, str] | None:
    """Whether it is a list: a workbook that unpacks to a sane size, or lines of fields."""
    if data.startswith(b"PK\x03\x04"):
        return ("document", XLSX, "xlsx") if _workbook(data) else None
    if NO_PICTURE.match(data) or not data.strip():
        return None
    if len(data) > SHEET:
        raise MediaRefused("too_large")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Excel calls «Unicode text»
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode("utf-8", "replace")  # the letters do not matter here
    odd = sum(ord(char) < 32 and char not in "\t\r\n" for char in text)
    return ("document", CSV, "csv") if not odd and re.search(r"[;,\t]", text) else None


def _workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= {one.filename for one in parts}:
                return False
    except (zipfile.BadZipFile, ValueError, EOFError, OverflowError, NotImplementedError):
        return False
    if len(data) > SHEET or len(parts) > PARTS or sum(one.file_size for one in parts) > UNPACKED:
        raise MediaRefused("too_large")
    return True


def _photo(data: bytes) -> Checked:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _decode(opened)
            position = _taken_at(opened)
            picture = _plain(ImageOps.exif_transpose(opened))
    except MediaRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaRefused("too_large") from error
    except Exception as error:  # decoders fail in every way there is on a broken file
        raise MediaRefused("corrupt") from error
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Checked(
        out.getvalue(), "image/jpeg", "jpg", "photo", picture.width, picture.height, position
    )


def _decode(opened: Image.Image) -> None:
    if opened.width * opened.height > PIXELS:  # known from the header, before anything is decoded
        raise MediaRefused("too_large")
    opened.draft("RGB", (SIDE, SIDE))  # JPEG: decode at a fraction of the size
    opened.load()


def _plain(picture: Image.Image) -> Image.Image:
    """Shrink, and copy the pixels alone: no EXIF, comment, profile or thumbnail comes along."""
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    plain = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        plain.paste(picture, mask=picture)
    else:
        plain.paste(picture.convert("RGB"))
    return plain


def _taken_at(picture: Image.Image) -> Position | None:
    try:
        gps = picture.getexif().get_ifd(GPS)
        lat, lon = _degrees(gps[2], gps[1] == "S"), _degrees(gps[4], gps[3] == "W")
    except Exception:  # noqa: BLE001 - EXIF is written by anything; a photograph counts without
        return None
    sane = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    return Position(lat, lon) if sane and (lat, lon) != (0, 0) else None


def _degrees(parts: tuple[float, float, float], negative: bool) -> float:  # noqa: FBT001
    degrees = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return round(-degrees if negative else degrees, 6)


class MediaStore:
    """Files by id, sealed, in any place fsspec knows."""

    def __init__(
        self, url: str, seal: Callable[[bytes], bytes], unseal: Callable[[bytes], bytes]
    ) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)
        self._local = "file" in self._files.protocol
        self._seal, self._unseal = seal, unseal

    async def put(self, media_id: str, data: bytes) -> None:
        """Keep a file; it is there whole or not at all, and writing it again does no harm."""
        await asyncio.to_thread(self._write, self._path(media_id), data)

    async def get(self, media_id: str) -> bytes:
        """Read a file; ``FileNotFoundError`` if it is not there."""
        sealed = await asyncio.to_thread(self._files.cat_file, self._path(media_id))
        return await asyncio.to_thread(self._unseal, sealed)

    def folder(self, name: str) -> MediaStore:
        """Give a store inside this one."""
        inner = copy(self)
        inner._root = f"{self._root}/{name}"  # noqa: SLF001 - of the same class
        return inner

    async def ages(self, now: datetime) -> dict[str, timedelta]:
        """Say which files there are and how long ago they were written."""
        return await asyncio.to_thread(self._ages, now)

    def _ages(self, now: datetime) -> dict[str, timedelta]:
        found = {}
        for path in self._files.find(self._root):
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                found[path.rpartition("/")[2]] = now - self._files.modified(path)
        return {one: age for one, age in found.items() if len(one) == 32}  # else half written

    async def reseal(self, media_id: str) -> bool:
        """Seal a file with the key of today; False if it was already."""
        path = self._path(media_id)
        sealed = await asyncio.to_thread(self._files.cat_file, path)
        data = self._unseal(sealed)
        if self._seal(data)[:5] == sealed[:5]:  # the head names the key
            return False
        await asyncio.to_thread(self._write, path, data)
        return True

    async def delete(self, media_id: str) -> None:
        """Remove a file; one that is gone already is no fault."""
        try:
            await asyncio.to_thread(self._files.rm_file, self._path(media_id))
        except FileNotFoundError:
            return

    def _path(self, media_id: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{32}", media_id):
            raise ValueError("a media id is 32 hexadecimal digits")
        return f"{self._root}/{media_id[:2]}/{media_id[2:4]}/{media_id}"

    def _write(self, path: str, data: bytes) -> None:
        sealed = self._seal(data)
        if not self._local:  # object stores show an object once it is complete
            self._files.pipe_file(path, sealed)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"{target.name}.{token_hex(4)}")
        try:
            with beside.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
