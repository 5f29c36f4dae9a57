"""Ways to get to where a test begins."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy import select, update

from bot.channels.base import FetchFailed
from handlers.messages import Incoming, Media
from models.cases import Case, CaseEvent
from models.codes import ALPHABET
from models.conversations import Conversation
from models.people import Person, Role
from tests.people import Somebody, Town

OPENING = """
    > nhà tôi sập rồi
    > không
    > [Đồng ý]
    > Đông Sơn
"""
REST = """
    > thôn Phước Thiện
    > [Bỏ qua]
    > [Bão]
    > [Hôm nay]
    > [Gia đình tôi]
    > Trần Văn Bình
    > 4
    > [Không có]
    > [Không rõ]
    > 0912345678
    > [Bỏ qua]
"""


async def reporting(town: Town, name: str = "84900", channel: str = "webchat") -> Somebody:
    """A citizen who is asked for the village; the case is filed already."""
    citizen = town.person(name, channel)
    await citizen.play(OPENING)
    await citizen.hears()
    return citizen


async def summary(town: Town, name: str = "84900", channel: str = "webchat") -> Somebody:
    """A citizen who reads the summary of a report."""
    citizen = await reporting(town, name, channel)
    await citizen.play(REST)
    await citizen.hears()
    return citizen


async def reported(town: Town, name: str = "84900", channel: str = "webchat") -> Somebody:
    """A citizen whose report is complete."""
    citizen = await summary(town, name, channel)
    await citizen.says("[Gửi]")
    assert "Đã ghi nhận hồ sơ" in await citizen.hears()
    return citizen


async def draft(who: Somebody) -> dict[str, object]:
    """The answers that are stored of the open form, without the facts around them."""
    stored = await who.town.one(
        select(Conversation.draft).where(
            Conversation.channel == who.channel, Conversation.address == who.address
        )
    )
    return {key: raw for key, raw in (stored or {}).items() if not key.startswith("_")}


async def flow(who: Somebody) -> str | None:
    found: str | None = await who.town.one(
        select(Conversation.flow).where(
            Conversation.channel == who.channel, Conversation.address == who.address
        )
    )
    return found


async def case_of(who: Somebody, code: str | None = None) -> dict[str, object]:
    """The person's newest case, or the one of a code."""
    query = select(Case.__table__).where(Case.reporter_id == await who.person_id())
    if code:
        query = query.where(Case.code == code)
    rows = await who.town.rows(query.order_by(Case.id.desc()).limit(1))
    return rows[0]._asdict() if rows else {}


async def story_of(town: Town, code: str) -> list[str]:
    """What happened to a case, in words of the program."""
    rows = await town.rows(
        select(CaseEvent.what).join(Case).where(Case.code == code).order_by(CaseEvent.id)
    )
    return [row.what for row in rows]


async def sent_before(who: Somebody, text: str, minutes: float) -> None:
    """A message that was held up on its way."""
    town = who.town
    now = town.time
    town.later(minutes=-minutes)
    sent = town.time
    town.time = now
    await town.app.intake(Incoming(who.channel, who.address, town.next_id(), sent, text=text))


async def called(who: Somebody, name: str) -> Somebody:
    """Give a member of staff a name that colleagues read."""
    async with who.town.app.engine.begin() as db:
        await db.execute(
            update(Person).where(Person.id == await who.person_id()).values(private={"name": name})
        )
    return who


async def officer(town: Town, name: str = "can-bo") -> Somebody:
    return await town.staff(name, Role.OFFICER)


def one_wrong(code: str) -> str:
    """The code with one character changed."""
    at = 4
    other = next(char for char in ALPHABET if char != code[at])
    return code[:at] + other + code[at + 1 :]


class FakeChannel:
    """A platform that has some files."""

    def __init__(self, **files: bytes | FetchFailed) -> None:
        self.files = files

    async def fetch(self, media: Media) -> bytes:
        found = self.files[media.ref]
        if isinstance(found, FetchFailed):
            raise found
        return found


def picture(kind: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(data, kind)
    return data.getvalue()
