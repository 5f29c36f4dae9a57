"""What a conversation module offers to the router: forms and commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from handlers.desk import Turn
from handlers.dialogue import Flow, Step, Values
from models.people import Role

LONGEST = 4000  # characters of one message; nothing typed by hand is longer


async def nothing(_: Turn, __: object) -> None:
    return


async def not_mine(_: Turn, __: str, ___: str) -> bool:
    return False


def accept(_: Turn, __: Step) -> None:
    return


@dataclass(frozen=True, slots=True)
class Form:
    """A flow and what happens around it."""

    flow: Flow
    finish: Callable[[Turn, Values], Awaitable[None]]  # every question is answered
    step: Callable[[Turn, Step], Awaitable[None]] = nothing  # after each answer
    verify: Callable[[Turn, Step], None] = accept  # BadAnswer refuses what needs the day to judge
    cancelled: Callable[[Turn, Values], Awaitable[None]] = nothing  # the person gave it up
    abandoned: Callable[[Turn, Values], Awaitable[None]] = nothing  # silence after the reminder
    said: Callable[[Turn, Values], str] | None = None  # text before the open question
    # typed text for an open question, before it is read; True: the form has dealt with it
    hears: Callable[[Turn, str, str], Awaitable[bool]] = not_mine
    longest: int = LONGEST  # characters of one message it can take
    patience: Callable[[Values], timedelta] = lambda _: timedelta(minutes=30)
    # everything is said and nothing is owed: silence ends it without a word, new words begin anew
    said_all: Callable[[Values], bool] = lambda _: False


Run = Callable[[Turn, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do by a slash, by a word, or by a button; ``about`` is a message id."""

    name: str  # Vietnamese without marks, as Telegram demands
    alias: str  # English
    run: Run
    about: str
    roles: frozenset[Role] | None = None  # None: everybody
    words: tuple[str, ...] = ()  # folded; typed alone they mean the command
    shown: bool = True  # in the menus
