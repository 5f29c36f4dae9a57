"""What the service holds about a person: seeing it, taking it along, having it erased.

Source: Luật 91/2025/QH15 Điều 4, 9; NĐ 356/2025/NĐ-CP Điều 5.
"""

from __future__ import annotations

from sqlalchemy import func, select, update

from handlers import cards, consent, forgetting, papers
from handlers.desk import Turn
from handlers.forms import Command
from handlers.i18n import N_
from handlers.menu import menu_buttons
from handlers.render import command_button
from models import phone as phones
from models.cases import Case
from models.people import Consent, Person

SURE = "chac"


async def privacy(turn: Turn, _: str) -> None:
    """What is held about the person, in plain words, with the rights that go with it."""
    t = turn.t
    private = await turn.db.scalar(select(Person.private).where(Person.id == turn.person_id)) or {}
    agreed = await turn.db.scalar(
        select(Consent.given_at)
        .where(Consent.person_id == turn.person_id, Consent.withdrawn_at.is_(None))
        .limit(1)
    )
    cases = await turn.db.scalar(
        select(func.count()).select_from(Case).where(Case.reporter_id == turn.person_id)
    )
    rows = [
        t(N_("**Thông tin đang lưu về ông/bà**")),
        t(N_("Xã, phường: {commune}"), commune=cards.commune_name(turn.commune or "", t)),
        t(
            N_("Điện thoại: {phone}"),
            phone=phones.masked(private["phone"]) if private.get("phone") else t(N_("chưa có")),
        ),
        t(N_("Hồ sơ đã báo: {count}"), count=cases or 0),
        t(
            N_("Đồng ý cho dùng thông tin: {agreed}"),
            agreed=t(N_("có")) if agreed else t(N_("chưa")),
        ),
        t(
            N_(
                "Ông/bà có quyền xem, sửa, lấy bản sao, rút lại đồng ý, xoá (Luật Bảo vệ dữ liệu "
                "cá nhân 91/2025/QH15). Hồ sơ đang giải quyết được giữ đến khi xong việc."
            )
        ),
    ]
    buttons = [command_button("bansao", t(N_("📄 Lấy bản sao")))]
    if agreed:
        buttons.append(command_button("rutdongy", t(N_("Rút lại đồng ý"))))
    buttons += [
        command_button("xoadulieu", t(N_("🗑 Xoá thông tin của tôi"))),
        command_button("gapcanbo", t(N_("👤 Gặp cán bộ"))),
    ]
    turn.say("\n".join(rows), *buttons)


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


async def copy(turn: Turn, _: str) -> None:
    """A spreadsheet with everything that is held; asked for twice in an hour it is made once."""
    await papers.order(turn, turn.me, "own_data", once=f"own_data:{turn.now:%Y%m%d%H}")
    turn.say(
        turn.t(
            N_(
                "Dạ, bản sao đang được lập, gửi tới đây trong ít phút. Tệp có thông tin riêng của "
                "ông/bà, xin giữ cẩn thận."
            )
        ),
        *menu_buttons(turn),
    )


async def erase(turn: Turn, argument: str) -> None:
    """Asks once more; then everything goes but what an open case needs until it is done."""
    t = turn.t
    if argument.strip() != SURE:
        turn.say(
            t(
                N_(
                    "Xoá **mọi thông tin** về ông/bà ở đây: số điện thoại, tin nhắn, ảnh, lời kể "
                    "trong các hồ sơ đã xong? Xoá rồi không lấy lại được. Hồ sơ đang giải quyết "
                    "được giữ tới khi xong rồi mới xoá."
                )
            ),
            command_button("xoadulieu", t(N_("Đúng, xoá hết")), SURE),
            command_button("riengtu", t(N_("Không, giữ lại"))),
        )
        return
    still = await forgetting.erase(turn)
    told = t(N_("Dạ, đã xoá thông tin của ông/bà."))
    if still:
        waits = N_("Còn {count} hồ sơ đang giải quyết, xong việc sẽ được xoá nốt.")
        told = f"{told} {t(waits, count=still)}"
    turn.say(told, *menu_buttons(turn))


COMMANDS = (
    Command(
        "riengtu",
        "privacy",
        privacy,
        N_("Thông tin đang lưu về tôi"),
        words=("rieng tu", "thong tin cua toi"),
    ),
    Command("rutdongy", "withdrawconsent", withdraw, N_("Rút lại đồng ý"), shown=False),
    Command("bansao", "mydata", copy, N_("Lấy bản sao thông tin của tôi"), shown=False),
    Command("xoadulieu", "erase", erase, N_("Xoá thông tin của tôi"), shown=False),
)
