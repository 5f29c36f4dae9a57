"""Documents and pictures made here: ordered in a conversation, built by a job, told once.

``order`` writes a row of ``media`` and its job in the transaction of whoever asks.  The job
(``bot/paper_jobs.py``) has the maker gather what is needed, builds the file outside any
transaction, stores it, and in one transaction notes that it is there and tells the chat.  A crash
anywhere before that leaves the order, which is taken up again; after it nothing is left to do.
Makers are listed in ``handlers/makers.py``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from handlers.desk import Chat, Desk
from handlers.i18n import N_, translator
from handlers.messages import Button, Outgoing
from models.cases import MediaFile
from models.jobs import Job
from models.outbox import Lane
from models.text import fold

FAILED = N_(
    "Dạ, máy chủ chưa lập được tệp ông/bà yêu cầu. Xin bấm lại sau ít phút; vẫn không được thì "
    "báo bộ phận kỹ thuật."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file about to be built, and what is said with it.

    ``build`` is pure and may be slow: it runs in a thread, when the database has been let go.
    """

    build: Callable[[], bytes]
    name: str  # as ``file_name`` makes it
    text: str  # translated already
    buttons: tuple[Button, ...] = ()


Maker: TypeAlias = Callable[[Desk, Chat, Mapping[str, Any]], Awaitable[Made]]


class NothingToMake(Exception):
    """There is nothing to make the file of any more; ``str`` is the message id to show."""


async def order(
    desk: Desk,
    chat: Chat,
    maker: str,
    *,
    once: str | None = None,
    **facts: Any,  # noqa: ANN401 - JSON
) -> None:
    """Have a file made and shown in a chat.

    Args:
        desk: in whose transaction it is ordered; cleared by its owner.
        chat: who asked; rights are checked before.
        maker: its name in ``handlers.makers``.
        once: an order of this chat with the same word is one order, however often it is given.
        **facts: what the maker needs to know; stored sealed until the file is made.
    """
    media_id = uuid4()
    made = await desk.db.execute(
        insert(MediaFile)
        .values(
            id=media_id,
            conversation_id=chat.id,
            kind="document",
            ref=f"made:{once or media_id.hex}",
            making={"maker": maker, "facts": facts},
            received_at=desk.now,
        )
        .on_conflict_do_nothing(index_elements=["conversation_id", "ref"])
        .returning(MediaFile.id)
    )
    if made.scalar_one_or_none() is not None:
        desk.jobs.append(Job("make_file", media_id.hex, int(Lane.REMINDER)))


async def finish(  # noqa: PLR0913 - what a job knows about one file, all by name
    desk: Desk, media_id: UUID, *, made: Made, kind: str, mime: str, size: int
) -> bool:
    """Note that a file is stored and tell who ordered it; False if that was done before."""
    done = await desk.db.execute(
        update(MediaFile)
        .where(MediaFile.id == media_id, MediaFile.making.is_not(None))
        .values(kind=kind, mime=mime, name=made.name, size=size, stored_at=desk.now, making=None)
        .returning(MediaFile.conversation_id)
    )
    conversation_id = done.scalar_one_or_none()
    if conversation_id is None:
        return False
    chat = await desk.chat(conversation_id)
    desk.tell(chat, Outgoing(made.text, made.buttons, media=(media_id.hex,)))
    await desk.clear()
    return True


async def give_up(desk: Desk, media_id: UUID, why: str, told: str = FAILED) -> None:
    """Note that a file cannot be made, and say so to who ordered it."""
    done = await desk.db.execute(
        update(MediaFile)
        .where(MediaFile.id == media_id, MediaFile.making.is_not(None))
        .values(refused=why, making=None)
        .returning(MediaFile.conversation_id)
    )
    conversation_id = done.scalar_one_or_none()
    if conversation_id is not None:
        chat = await desk.chat(conversation_id)
        desk.tell(chat, Outgoing(translator(chat.locale)(told)))
        await desk.clear()


def file_name(extension: str, *words: str) -> str:
    """Make a name every platform and telephone takes: ``Danh-sach_Phuoc-Thien_2026-11-25.xlsx``.

    Only places, kinds and days belong into it, never people.
    """
    parts = (re.sub(r"[^A-Za-z0-9]+", "-", _plain(word)).strip("-") for word in words)
    return "_".join(part for part in parts if part)[:80] + f".{extension}"


def _plain(text: str) -> str:
    return "".join(
        plain.upper() if letter.isupper() else plain
        for letter in text
        for plain in (fold(letter) or " ",)
    )
