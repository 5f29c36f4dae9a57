"""The one door every message comes through, whatever the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import (
    String,
    bindparam,
    cast,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy import (
    insert as plain_insert,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from handlers import router, takeover
from handlers.consent import CASE
from handlers.desk import Chat, Desk, Held, Turn, World
from handlers.i18n import N_, translator
from handlers.messages import Incoming, Outgoing
from handlers.typed import as_typed
from models import mailbox
from models.base import TALK
from models.cases import Case
from models.conversations import Conversation, Received
from models.hot import Hot, opened, parsed
from models.jobs import Job
from models.leaving import Standing, leave
from models.outbox import Lane
from models.people import Consent, Grant, Person
from models.storms import Storm

log = structlog.get_logger(__name__)

CONTACT = ("message", "unblocked", "unreadable")  # the person is there
ALBUM_SETTLES = timedelta(seconds=2)  # the photographs of one album arrive within about a second


async def receive(db: AsyncConnection, said: Incoming, world: World, now: datetime) -> bool:
    """Move one conversation one message forward; False if the message was applied before.

    Runs inside the caller's transaction: the mark that it was seen, the answers, any case it
    opens, the replies and their delivery jobs are committed together or not at all.
    """
    row = await _locked(db, said)
    if row is None and said.group is not None:
        return True  # somebody in a group whom we do not know
    if row is None:
        await _introduce(db, said)
        row = await _locked(db, said)
        assert row is not None  # noqa: S101 - it was made a statement ago, in this transaction
    if row["seen"] is None:
        log.info("message_repeated", channel=said.channel, conversation=row["id"])
        return False
    turn = Turn(
        db,
        now,
        world,
        said=said,
        chat_id=row["id"],
        person_id=row["person_id"],
        locale=row["locale"],
        commune=row["commune"],
        flow=row["flow"],
        draft=row["draft"] or {},
        draft_id=row["draft_id"],
        asked=row["asked"],
        storms=frozenset(row["storms"] or ()),
        consented=row["consented"],
        private=row["private"],
        filed={"id": row["case_id"], "details": row["case_details"]} if row["case_id"] else None,
        held=tuple(
            Held(one["role"], one["commune"], tuple(one["villages"])) for one in row["held"] or ()
        ),
    )
    before = (turn.flow, dict(turn.draft), turn.draft_id)
    if said.media:
        await router.keep_media(turn)
    if said.event in ("paused", "resumed"):
        await takeover.changed(turn)
    elif row["paused_until"] is not None and takeover.is_for_the_human(turn, row["paused_until"]):
        await takeover.overheard(turn)
    elif said.album is not None:
        _settle_album_later(turn)
    else:
        await router.route(turn)
    _echo(turn)
    await _leave(turn, row, before)
    return True


Asked = aliased(Case)
_SELECT = (
    select(
        Conversation.id,
        Conversation.person_id,
        Conversation.flow,
        Conversation.draft,
        Conversation.draft_id,
        Conversation.nudge_at,
        Conversation.gone_at,
        Conversation.mailbox_since,
        Conversation.paused_until,
        Person.locale,
        Person.commune,
        select(
            # as text: whether a connection decodes JSON depends on who opened it
            cast(
                func.jsonb_agg(
                    func.jsonb_build_object(
                        "role", Grant.role, "commune", Grant.commune, "villages", Grant.villages
                    )
                ),
                String,
            )
        )
        .where(Grant.person_id == Person.id, Grant.revoked_at.is_(None))
        .scalar_subquery()
        .label("held"),
        Person.private,
        exists()
        .where(
            Consent.person_id == Person.id,
            Consent.purpose == CASE,
            Consent.withdrawn_at.is_(None),
        )
        .label("consented"),
        Case.id.label("case_id"),
        Case.details.label("case_details"),
        exists()
        .where(Asked.reporter_id == Person.id, Asked.waiting_since.is_not(None))
        .label("asked"),
        select(func.array_agg(Storm.commune))
        .where(Storm.ended_at.is_(None))
        .scalar_subquery()
        .label("storms"),
    )
    .join(Person, Person.id == Conversation.person_id)
    .outerjoin(Case, Case.draft_id == Conversation.draft_id)
    .where(
        Conversation.channel == bindparam("channel", type_=String),
        Conversation.address == bindparam("address", type_=String),
    )
    .with_for_update(of=Conversation, key_share=True)  # others may write into this chat's outbox
    .cte("chat")
)
_SEEN = (
    insert(Received)
    .from_select(
        ["id", "channel", "message_id", "conversation_id", "edits", "sent_at", "body"],
        select(
            TALK.next_value(),
            bindparam("channel", type_=String),
            bindparam("message_id", type_=String),
            _SELECT.c.id,
            cast(bindparam("edits"), String),
            bindparam("sent_at", type_=Received.sent_at.type),
            bindparam("body", type_=Received.body.type),
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing(index_elements=["channel", "message_id"])
    .returning(Received.id)
    .cte("seen")
)
# One statement finds and locks the conversation, marks the message as seen and says whether it
# was seen before: this is the hot path, and a round trip costs as much as the work.
_ENTER = Hot(select(_SELECT, select(_SEEN.c.id).scalar_subquery().label("seen")))


_PERSON = plain_insert(Person).values(id=bindparam("person_id")).returning(Person.id).cte("person")
_INTRODUCE = Hot(
    insert(Conversation)
    .from_select(
        ["person_id", "channel", "address"],
        select(
            _PERSON.c.id,
            bindparam("channel", type_=String),
            bindparam("address", type_=String),
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
    .returning(Conversation.id)
)


async def _locked(db: AsyncConnection, said: Incoming) -> Mapping[str, Any] | None:
    """Lock the conversation, so that two quick messages are answered in turn."""
    row = await _ENTER.row(
        db,
        channel=said.channel,
        address=said.address,
        message_id=said.message_id,
        edits=said.edits,
        sent_at=said.sent_at,
        body=heard(said),
    )
    if row is not None:
        row |= {"draft": opened(row["draft"]), "held": parsed(row["held"])}
    return row


def heard(said: Incoming) -> dict[str, Any]:
    """What is kept of a message: its words, and which files, position or button came with it."""
    kept: dict[str, Any] = {"text": said.text} if said.text else {}
    if said.button is not None:
        kept["button"] = said.button
    if said.media:
        kept["media"] = [asdict(one) for one in said.media]
    if said.album is not None:  # its caption is read when the album is complete
        kept["album"] = said.album
    if said.position is not None:
        kept["position"] = asdict(said.position)
    if said.contact is not None:
        kept["contact"] = asdict(said.contact)
    if said.event != "message":
        kept["event"] = said.event
    return kept


async def _introduce(db: AsyncConnection, said: Incoming) -> None:
    """Make a person and a conversation for an address seen for the first time.

    The conversation decides who wins a race; the loser leaves nothing behind, because the person
    is made only for the row that was inserted.
    """
    person_id = uuid4()
    made = await _INTRODUCE.row(
        db, person_id=person_id, channel=said.channel, address=said.address
    )
    if made is None:
        await db.execute(delete(Person).where(Person.id == person_id))


def _echo(turn: Turn) -> None:
    """Say a pressed button's label again, where the platform shows nothing of a press.

    Nothing comes before the numbers to call.
    """
    if turn.said.echo:
        for row in turn.tray:
            if row["conversation_id"] == turn.chat_id:
                if row["lane"] < Lane.URGENT:
                    text = row["body"].get("text", "")
                    row["body"]["text"] = f"▸ {as_typed(turn.said.echo)}\n\n{text}".strip()
                return


def _settle_album_later(turn: Turn) -> None:
    """Answer an album once, when its last photograph has had time to arrive."""
    turn.jobs.append(
        Job(
            "settle_album",
            f"{turn.chat_id}:{turn.said.album}",
            int(Lane.REPLY),
            ALBUM_SETTLES,
            f"album:{turn.chat_id}:{turn.said.album}",
        )
    )


async def _leave(
    turn: Turn, row: Mapping[str, Any], before: tuple[str | None, dict[str, Any], UUID | None]
) -> None:
    """Write down what the message changed and what is said in answer."""
    standing = None
    if before != (turn.flow, turn.draft, turn.draft_id):
        standing = Standing(
            turn.chat_id, turn.flow, turn.draft or None, turn.draft_id, router.nudge_at(turn)
        )
    await leave(turn.db, standing, turn.further, turn.tray, turn.jobs)
    if turn.said.group is not None:
        return  # pressed in a group: the private chat may still be blocked
    if row["gone_at"] is not None and turn.said.event == "message":
        await turn.db.execute(
            update(Conversation)
            .where(Conversation.id == turn.chat_id)
            .values(gone_at=None, gone_why=None)
        )
    if row["mailbox_since"] is not None and turn.said.event in CONTACT:
        await mailbox.let_go(turn.db, turn.chat_id)


async def keep_failed(
    db: AsyncConnection, said: Incoming, world: World, now: datetime, error: str
) -> None:
    """Keep a message that could not be handled, and tell its sender that it is kept."""
    row = await _locked(db, said)
    if row is None:
        await _introduce(db, said)
        row = await _locked(db, said)
    if row is None or row["seen"] is None:
        return
    await db.execute(update(Received).where(Received.id == row["seen"]).values(failed=error))
    desk = Desk(db, now, world)
    chat = Chat(row["id"], said.channel, row["locale"], row["person_id"])
    t = translator(row["locale"])
    sorry = N_(
        "Hệ thống đang bận, tin nhắn của ông/bà đã được lưu. Xin đợi ít phút rồi gõ tiếp; "
        "nguy hiểm tính mạng thì gọi ngay 112."
    )
    desk.tell(chat, Outgoing(t(sorry)))
    await desk.clear()
