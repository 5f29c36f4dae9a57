"""What keeping a village's list of households shares: whose list it is, one entry, its line."""

from __future__ import annotations

from handlers import household_lines, households
from handlers.desk import Turn
from handlers.households import Known
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.messages import Button
from handlers.permissions import KEEPERS, Scope, act, role_for
from handlers.render import command_button
from handlers.villages import key as village_key
from handlers.villages import known as known_villages
from models.people import Role

TOKEN = 50  # bytes of a village's name that a button can carry


async def villages_of(turn: Turn) -> list[tuple[str, str]]:
    """Commune and village of every list that the person in front keeps."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for held in turn.held:
        if held.role not in KEEPERS or held.commune is None:
            continue
        own = held.villages
        names = own if held.role == Role.VILLAGE_HEAD else await known_villages(turn, held.commune)
        for name in names:
            found.setdefault((held.commune, village_key(name)), (held.commune, name))
    return list(found.values())


def short(name: str) -> str:
    return name.encode()[:TOKEN].decode(errors="ignore")


def add_button(turn: Turn, village: str = "") -> Button:
    return command_button("themho", turn.t(N_("📝 Thêm hộ")), short(village))


def line(turn: Turn, one: Known) -> str:
    return household_lines.shown(one.facts, households.in_words(one.facts.groups, turn.t), turn.t)


async def mine(turn: Turn, argument: str, doing: str) -> tuple[Known, str] | None:
    """The household an argument names, if the person in front keeps its list."""
    word = argument.strip().removeprefix("h")
    found = await households.one(turn, int(word)) if word.isdecimal() and len(word) < 18 else None
    if found is None or role_for(turn, "households", Scope(found[1], found[0].village)) is None:
        turn.say(
            turn.t(N_("Dạ, hộ này không còn trong danh sách của ông/bà.")), *menu_buttons(turn)
        )
        return None
    known, commune = found
    await act(turn, "households", Scope(commune, known.village), household=known.id, did=doing)
    return found
