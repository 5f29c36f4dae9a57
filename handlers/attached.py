"""What comes beside words: files, albums, a position, a telephone number."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from handlers import answers, asking, filling, reception
from handlers.desk import Turn
from handlers.dialogue import SKIPPED, BadAnswer
from handlers.i18n import N_
from models import phone as phones
from models import places
from models.cases import MediaFile
from models.conversations import Received
from models.jobs import Job
from models.outbox import Lane


async def keep_media(turn: Turn) -> None:
    """Note the files a message names, and have them fetched after the commit."""
    ids = list(turn.draft.get("_media", ()))
    for media in turn.said.media:
        if media.kind == "sticker":
            continue
        made = await turn.db.execute(
            insert(MediaFile)
            .values(
                id=uuid4(),
                conversation_id=turn.chat_id,
                kind=media.kind,
                ref=media.ref,
                mime=media.mime,
                received_at=turn.now,
            )
            .on_conflict_do_update(
                index_elements=["conversation_id", "ref"], set_={"received_at": turn.now}
            )
            .returning(MediaFile.id, MediaFile.stored_at)
        )
        row = made.one()
        if row.id.hex not in ids:
            ids.append(row.id.hex)
        if row.stored_at is None:
            turn.jobs.append(Job("fetch_media", row.id.hex, int(Lane.REPLY)))
    if ids:
        turn.draft["_media"] = ids


async def files(turn: Turn) -> None:
    """Photographs, voice notes: they belong to the open form, else they begin something."""
    if turn.flow is None:
        await reception.files_alone(turn)
        return
    count = len(turn.draft.get("_media", ()))
    turn.lead = turn.t(N_("Dạ, đã nhận {count} ảnh hoặc ghi âm."), count=count)
    await filling.proceed(turn, asking.look(turn))


async def caption(turn: Turn) -> str:
    """The words that came with a photograph of the album that is complete now."""
    album = turn.said.message_id.removeprefix("album:").partition(":")[2].rpartition(":")[0]
    rows = await turn.db.scalars(
        select(Received.body)
        .where(
            Received.conversation_id == turn.chat_id,
            Received.sent_at > turn.now - timedelta(minutes=10),
            Received.body.is_not(None),
        )
        .order_by(Received.id)
    )
    texts = [str(one.get("text", "")) for one in rows if one and one.get("album") == album]
    return "\n".join(text for text in texts if text.strip())


async def position(turn: Turn) -> None:
    """A position: an answer where a place is asked, else kept beside the form."""
    place = turn.said.position
    if place is None:
        return
    near = places.inside_province(place.lat, place.lon)
    values = asking.look(turn).values if turn.flow is not None else {}
    if near or values.get("danger") == "yes":  # a boat at sea, a wrong fix: better than nothing
        turn.draft["_position"] = [place.lat, place.lon]
    typed = f"geo:{place.lat},{place.lon}"
    if turn.flow is None:
        await reception.position_alone(turn, near=near)
        return
    question = asking.look(turn).question
    if question is not None and question.read is answers.place:
        await filling.take(turn, typed)
        return
    if question is not None and question.id == "addition":
        await filling.take(turn, "done")
        return
    turn.lead = turn.t(N_("Dạ, đã nhận vị trí."))
    if question is not None and question.id == "address":
        await filling.take(turn, SKIPPED)
    else:
        await filling.proceed(turn, asking.look(turn))


async def telephone(turn: Turn) -> None:
    """A shared telephone number: an answer where one is asked, else kept for that question."""
    contact = turn.said.contact
    if contact is None:
        return
    if turn.flow is None:
        await reception.phone_alone(turn, contact.phone)
        return
    question = asking.look(turn).question
    if question is not None and question.read is answers.phone:
        await filling.take(turn, contact.phone)
        return
    try:
        number = answers.phone(contact.phone)
    except BadAnswer as problem:
        turn.lead = turn.t(str(problem))
    else:
        turn.draft.setdefault("phone", number)
        turn.lead = turn.t(
            N_("Dạ, đã nhận số điện thoại {phone}."), phone=phones.shown(turn.draft["phone"])
        )
    turn.asks = True
