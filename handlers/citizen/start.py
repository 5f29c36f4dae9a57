"""Language, help, and what the service holds about a person."""

from __future__ import annotations

from sqlalchemy import select, update

from handlers import cards, consent
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_, OFFERED
from handlers.menu import menu_buttons
from handlers.render import command_button
from models import phone as phones
from models.people import Consent, Person

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


async def privacy(turn: Turn, _: str) -> None:
    """What is held about the person, in plain words, with the rights that go with it."""
    t = turn.t
    private = await turn.db.scalar(select(Person.private).where(Person.id == turn.person_id)) or {}
    agreed = await turn.db.scalar(
        select(Consent.given_at).where(
            Consent.person_id == turn.person_id, Consent.withdrawn_at.is_(None)
        )
    )
    rows = [
        t(N_("**Thông tin đang lưu về ông/bà**")),
        t(N_("Xã, phường: {commune}"), commune=cards.commune_name(turn.commune or "", t)),
        t(
            N_("Điện thoại: {phone}"),
            phone=phones.masked(private["phone"]) if private.get("phone") else t(N_("chưa có")),
        ),
        t(
            N_("Đồng ý cho dùng thông tin: {agreed}"),
            agreed=t(N_("có")) if agreed else t(N_("chưa")),
        ),
        t(
            N_(
                "Ông/bà có quyền xem, sửa, rút lại đồng ý, xoá (Luật Bảo vệ dữ liệu cá nhân "
                "91/2025/QH15). Hồ sơ đang giải quyết được giữ đến khi xong việc. Muốn xoá hoặc "
                "lấy bản sao, bấm Gặp cán bộ."
            )
        ),
    ]
    buttons = [command_button("rutdongy", t(N_("Rút lại đồng ý")))] if agreed else []
    turn.say("\n".join(rows), *buttons, command_button("gapcanbo", t(N_("👤 Gặp cán bộ"))))


async def withdraw(turn: Turn, _: str) -> None:
    if await consent.withdraw(turn):
        await turn.db.execute(
            update(Person)
            .where(Person.id == turn.person_id)
            .values(private=None, phone_hash=None, commune=None)
        )
        turn.say(
            turn.t(
                N_(
                    "Dạ, đã rút lại đồng ý và xoá số điện thoại, xã đã lưu. "
                    "Hồ sơ đã gửi vẫn được giải quyết."
                )
            ),
            *menu_buttons(turn),
        )
    else:
        turn.say(turn.t(N_("Dạ, hiện không có đồng ý nào đang hiệu lực.")), *menu_buttons(turn))


FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command(
        "ngonngu",
        "language",
        language,
        N_("Đổi ngôn ngữ / English"),
        words=("english", "tieng viet", "ngon ngu"),
    ),
    Command("riengtu", "privacy", privacy, N_("Thông tin đang lưu về tôi"), words=("rieng tu",)),
    Command("rutdongy", "withdrawconsent", withdraw, N_("Rút lại đồng ý"), shown=False),
)
