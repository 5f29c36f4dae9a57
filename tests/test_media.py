"""What is accepted, what is stripped, what is refused, and that it is kept sealed."""

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from PIL import Image
from pillow_heif import from_pillow

from bot.media import CSV, MB, SIDE, XLSX, MediaRefused, MediaStore, check, qr_png
from handlers.messages import Position

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
PLACE = {1: "N", 2: (15.0, 7.0, 12.0), 3: "E", 4: (108.0, 48.0, 0.0)}


def photograph(size=(400, 300), form="JPEG", *, gps=None, turn=None, **more) -> bytes:
    """Make a picture whose upper left quarter is red and the rest blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[MAKER] = "a telephone"
    if turn:
        exif[ORIENTATION] = turn
    if gps:
        exif.get_ifd(GPS).update(gps)
    out = io.BytesIO()
    if form == "HEIF":
        from_pillow(picture).save(out, quality=80, exif=exif.tobytes())
    else:
        picture.save(out, form, exif=exif, **more)
    return out.getvalue()


def corner(data: bytes) -> str:
    """Say in which corner the red quarter is."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    x, y = picture.width // 8, picture.height // 8
    corners = {"nw": (x, y), "ne": (-x, y), "sw": (x, -y), "se": (-x, -y)}
    [found] = [
        name
        for name, (left, top) in corners.items()
        if picture.getpixel((left % picture.width, top % picture.height))[0] > 128
    ]
    return found


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("kind", ["photo", "document"])
def test_a_photograph_becomes_a_plain_jpeg(form, kind):
    checked = check(photograph(form=form, gps=PLACE), kind)
    assert (checked.mime, checked.extension, checked.kind) == ("image/jpeg", "jpg", "photo")
    assert (checked.width, checked.height) == (400, 300)
    assert checked.position == Position(15.12, 108.8)
    stored = Image.open(io.BytesIO(checked.data))
    assert stored.format == "JPEG" and not dict(stored.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(stored.info)
    assert b"telephone" not in checked.data


def test_a_comment_and_a_profile_are_left_behind():
    data = photograph(comment=b"Nguyen Van A", icc_profile=b"Nguyen Van B")
    assert b"Nguyen" in data
    assert b"Nguyen" not in check(data, "photo").data


@pytest.mark.parametrize(
    ("turn", "where"), [(None, "nw"), (2, "ne"), (3, "se"), (6, "ne"), (8, "sw")]
)
def test_a_photograph_stands_upright(turn, where):
    checked = check(photograph(turn=turn), "photo")
    assert corner(checked.data) == where
    upright = turn not in {6, 8}
    assert (checked.width, checked.height) == ((400, 300) if upright else (300, 400))


def test_a_heic_is_turned_once():
    checked = check(photograph(form="HEIF", turn=6), "photo")
    assert (corner(checked.data), checked.width) == ("ne", 300)


def test_a_large_photograph_is_shrunk():
    checked = check(photograph((4000, 3000), turn=6), "photo")
    assert (checked.width, checked.height) == (1536, SIDE)
    assert len(checked.data) < 300_000


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "CMYK", "I;16"])
def test_every_way_of_storing_colour(mode):
    out = io.BytesIO()
    Image.new(mode, (50, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert Image.open(io.BytesIO(check(out.getvalue(), "photo").data)).mode == "RGB"


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (108.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (15.0, 0.0, 0.0)},
        {1: "N", 2: (15.0,), 3: "E", 4: (108.0,)},
    ],
)
def test_a_position_that_makes_no_sense_is_none(gps):
    assert check(photograph(gps=gps), "photo").position is None


def test_south_and_west():
    place = {**PLACE, 1: "S", 3: "W"}
    assert check(photograph(gps=place), "photo").position == Position(-15.12, -108.8)


def short(value: object) -> str | None:
    """Name a parameter; pytest cannot name bytes while its escaping is off."""
    return f"{value[:8]!r}"[2:-1].replace("\\", "_") if isinstance(value, bytes) else None


def refusal(data: bytes, kind: str = "photo", mime: str | None = None) -> str:
    with pytest.raises(MediaRefused) as refused:
        check(data, kind, mime)
    return refused.value.reason


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_photograph_cut_off_is_corrupt(form, share):
    data = photograph(form=form)
    assert refusal(data[: int(len(data) * share)]) == "corrupt"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"hello", bytes(1000)], ids=short)
def test_what_is_no_photograph_is_corrupt(data):
    assert refusal(data) == "corrupt"


def bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_001, 10_000, 60_000, 2_000_000_000])
def test_a_bomb_is_refused_unopened(side):
    assert refusal(bomb(side, side)) in {"too_large", "corrupt"}


def test_a_bomb_of_reasonable_size_is_corrupt():
    assert refusal(bomb(3000, 3000)) == "corrupt"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video"])
@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf\n <html>",
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF\x02\x01" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"#!/bin/sh\nrm -rf /\n",
        b"GIF89a" + bytes(100),
    ],
    ids=short,
)
@pytest.mark.parametrize("mime", [None, "image/jpeg"])
def test_programs_pages_and_archives_are_refused(data, kind, mime):
    assert refusal(data, kind, mime) == "kind_not_accepted"


OGG = b"OggS\x00\x02" + bytes(100)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(100)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(100)
MP3, WAV, PDF = b"ID3\x04" + bytes(99), b"RIFF\x24\x00\x00\x00WAVEfmt ", b"%PDF-1.7\n"


@pytest.mark.parametrize(
    ("data", "kind", "mime", "found"),
    [
        (OGG, "voice", "audio/ogg", ("audio/ogg", "ogg", "voice")),
        (WEBM, "voice", "audio/webm;codecs=opus", ("audio/webm", "webm", "voice")),
        (WEBM, "video", "video/webm", ("video/webm", "webm", "video")),
        (WEBM, "document", "audio/webm", ("audio/webm", "webm", "voice")),
        (MP4, "voice", "audio/mp4", ("audio/mp4", "mp4", "voice")),
        (MP4, "video", None, ("video/mp4", "mp4", "video")),
        (M4A, "voice", None, ("audio/mp4", "m4a", "voice")),
        (MP3, "voice", None, ("audio/mpeg", "mp3", "voice")),
        (WAV, "voice", None, ("audio/wav", "wav", "voice")),
        (b"\xff\xf1" + bytes(50), "voice", None, ("audio/aac", "aac", "voice")),
        (b"#!AMR\n" + bytes(50), "voice", None, ("audio/amr", "amr", "voice")),
        (PDF, "document", "application/pdf", ("application/pdf", "pdf", "document")),
        (MP4, "document", "video/mp4", ("video/mp4", "mp4", "video")),
    ],
    ids=short,
)
def test_what_a_file_is_is_read_from_it(data, kind, mime, found):
    checked = check(data, kind, mime)
    assert (checked.mime, checked.extension, checked.kind) == found
    assert checked.data == data


@pytest.mark.parametrize(
    ("data", "kind"),
    [(PDF, "photo"), (PDF, "voice"), (OGG, "photo"), (OGG, "video"), (OGG, "sticker")],
    ids=short,
)
def test_what_was_not_asked_for_is_not_accepted(data, kind):
    assert refusal(data, kind) == "kind_not_accepted"


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (MP4, "video", 30 * MB),
        (photograph(), "photo", 20 * MB + 1),
        (OGG, "voice", 10 * MB + 1),
        (OGG, "document", 10 * MB + 1),
        (PDF, "document", 20 * MB + 1),
    ],
    ids=short,
)
def test_too_much_is_too_much(data, kind, size):
    assert refusal(data.ljust(size, b"\0"), kind) == "too_large"


def flip(data: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in data)


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path) -> MediaStore:
    url = f"file://{tmp_path}/media" if request.param == "file" else f"memory://{tmp_path}"
    return MediaStore(url, flip, flip)


ID = "0123456789abcdef" * 2


async def test_a_file_is_kept_and_removed(store):
    await store.put(ID, b"one")
    await store.put(ID, b"two")
    assert await store.get(ID) == b"two"
    await store.delete(ID)
    await store.delete(ID)
    with pytest.raises(FileNotFoundError):
        await store.get(ID)


async def test_what_lies_on_disk_is_sealed_and_whole(tmp_path):
    store = MediaStore(str(tmp_path), flip, flip)
    await store.put(ID, b"one")
    [kept] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.relative_to(tmp_path).parts == ("01", "23", ID)
    assert kept.read_bytes() == flip(b"one")


async def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    store = MediaStore(str(tmp_path), flip, flip)
    await store.put(ID, b"old")

    def full(_number: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        await store.put(ID, b"new")
    assert await store.get(ID) == b"old"
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", ID.upper(), ID + "0", ID[:-1] + "/", ID + "\n"]
)
async def test_an_id_is_never_a_path(store, name):
    with pytest.raises(ValueError, match="32 hexadecimal"):
        await store.get(name)


def test_a_link_becomes_a_picture():
    picture = Image.open(io.BytesIO(qr_png("https://t.me/standin_bot?start=7K3M9")))
    assert picture.format == "PNG" and picture.width == picture.height >= 290


def workbook(*more: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Danh sách").write(0, 0, "Nguyễn Văn A")
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in more:
            archive.writestr(name, data)
    return out.getvalue()


CSVS = [
    "STT;Họ tên\n1;Nguyễn Văn A\n".encode(),
    "Họ tên,Khẩu\r\nTrần Thị B,4\r\n".encode("utf-8-sig"),
    "Họ tên\tKhẩu\n".encode("utf-16"),
    b"Nguy\xecn V\xe3n A;4;t\xf4c m\xe1i\n",  # Windows-1258
]


@pytest.mark.parametrize("data", CSVS, ids=short)
def test_lines_of_fields_are_a_list(data):
    checked = check(data, "document", None)
    assert (checked.mime, checked.kind, checked.data) == (CSV, "document", data)


def test_a_workbook_is_a_list_only_as_a_document():
    checked = check(workbook(), "document", "application/octet-stream")
    assert (checked.mime, checked.extension, checked.kind) == (XLSX, "xlsx", "document")
    assert refusal(workbook(), "photo") == "kind_not_accepted"


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened():
    assert refusal(workbook(("xl/bomb.bin", bytes(70 * MB))), "document") == "too_large"
    parts = [(f"xl/{number}.xml", b"") for number in range(400)]
    assert refusal(workbook(*parts), "document") == "too_large"


@pytest.mark.parametrize(
    "data", [b"only words", b"a;b\x00c", b"   ", b"a;b".ljust(6 * MB)], ids=short
)
def test_what_is_no_list_is_not_taken_for_one(data):
    assert refusal(data, "document") in {"kind_not_accepted", "too_large"}
