"""The language somebody is spoken to in."""

from __future__ import annotations

from sqlalchemy import update

from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_, OFFERED
from handlers.menu import menu_buttons
from models.people import Person

NAMES = {"vi": "Tiếng Việt", "en": "English"}


async def language(turn: Turn, argument: str) -> None:
    """Switch the language; without an argument to the other one."""
    wanted = argument.strip().lower()
    if wanted not in OFFERED:
        wanted = next(one for one in OFFERED if one != turn.locale)
    turn.locale = wanted
    await turn.db.execute(update(Person).where(Person.id == turn.person_id).values(locale=wanted))
    turn.lead = turn.t(N_("Dạ, từ nay dùng {language}."), language=NAMES[wanted])
    if turn.flow is not None:
        turn.asks = True
    else:
        turn.say("", *menu_buttons(turn))


COMMANDS = (
    Command(
        "ngonngu",
        "language",
        language,
        N_("Đổi ngôn ngữ / English"),
        words=("english", "tieng viet", "ngon ngu"),
    ),
)
