"""The first things anybody is offered, and the numbers that come before everything."""

from __future__ import annotations

from handlers.aside import PUT_AWAY
from handlers.desk import Turn
from handlers.i18n import N_, Translate
from handlers.messages import Button
from handlers.permissions import KEEPERS
from handlers.render import command_button
from models.people import Role


def life_first(t: Translate, *, child: bool = False) -> str:
    """The numbers to call; they come before anything else is said.

    Source: NĐ 200/2025/NĐ-CP (112, linked with 113, 114, 115); 111 is the national child line.
    """
    text = t(
        N_(
            "🆘 **Đang nguy hiểm tính mạng, xin gọi ngay 112** (cứu hộ, cứu nạn), 114 (chữa cháy, "
            "cứu nạn), 115 (cấp cứu), 113 (công an)."
        )
    )
    if child:
        text += " " + t(N_("Việc của trẻ em: gọi **111** (ngày đêm, miễn phí)."))
    return text


def menu_buttons(turn: Turn) -> tuple[Button, ...]:
    """What the person in front can begin with, the most urgent first."""
    t = turn.t
    roles = {held.role for held in turn.held}
    buttons = []
    if turn.draft.get(PUT_AWAY):
        buttons.append(command_button("lamtiep", t(N_("▶ Làm tiếp việc dở"))))
    if roles:
        if roles & {Role.OFFICER, Role.LEADER}:
            buttons.append(command_button("homnay", t(N_("☀️ Việc hôm nay"))))
        buttons.append(command_button("hangdoi", t(N_("📋 Hàng đợi"))))
    if Role.VILLAGE_HEAD in roles:
        buttons.append(command_button("danhsach", t(N_("🏘 Danh sách hộ"))))
    sos = command_button("sos", t(N_("🆘 Khẩn cấp")))
    buttons += [
        sos,
        command_button("baotin", t(N_("📝 Báo khó khăn"))),
        command_button("kiemtra", t(N_("🔎 Tôi được hưởng gì?"))),
        command_button("chedo", t(N_("📚 Các chế độ"))),
        command_button("hoso", t(N_("📂 Hồ sơ của tôi"))),
    ]
    if roles & {Role.OFFICER, Role.LEADER, Role.PROVINCE}:
        buttons.append(command_button("moi", t(N_("✉ Mời cán bộ, trưởng thôn"))))
    else:
        buttons.append(command_button("gapcanbo", t(N_("👤 Gặp cán bộ"))))
    buttons.append(command_button("trogiup", t(N_("❓ Trợ giúp"))))
    if not roles:
        buttons.append(command_button("ngonngu", t(N_("🌐 English"))))
    if turn.in_storm:
        call = command_button("antoan", t(N_("✅ Tôi an toàn")))
        if roles & KEEPERS:
            call = command_button("diemdanh", t(N_("📣 Điểm danh")))
        buttons = [sos, call, *(one for one in buttons if one is not sos)]
    return tuple(buttons)
