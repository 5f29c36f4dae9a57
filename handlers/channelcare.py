"""Telling staff about a channel itself: it is about to fall silent, or they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk import Desk, World
from handlers.i18n import N_, translator
from handlers.messages import Outgoing
from handlers.render import command_button
from handlers.times import moment
from models.outbox import Lane
from models.people import Role

PROBLEMS = {
    "refused": N_(
        "⚠ Kênh {channel} **không gửi tin được nữa**: quyền gửi đã bị thu hồi hoặc hết hạn. Xin "
        "báo ngay người vận hành cấp quyền lại (zalo-login). Tin vẫn nhận được và không mất."
    ),
    "ends": N_(
        "⚠ Quyền gửi tin của kênh {channel} **hết hạn lúc {until}**. Xin báo người vận hành cấp "
        "quyền lại trước lúc đó (zalo-login)."
    ),
    "not_renewed": N_(
        "⚠ Kênh {channel} chưa gia hạn được quyền gửi tin, tin gửi đi đang chờ. Xin báo ngay "
        "người vận hành."
    ),
}
OTHER = N_(
    "⚠ Kênh {channel} từ chối tin vì cấu hình ({problem}), tin gửi đi đang chờ. Xin báo người "
    "vận hành."
)
NAMES = {"zalo": "Zalo"}


async def alarm(  # noqa: PLR0913, PLR0917 - what is known of the trouble
    db: AsyncConnection, world: World, now: datetime, channel: str, problem: str, until: datetime
) -> None:
    """Tell the province's staff, on every channel but the one in trouble."""
    desk = Desk(db, now, world)
    for chat in await desk.staff(None, {Role.PROVINCE}):
        if chat.channel == channel:
            continue
        t = translator(chat.locale)
        words = PROBLEMS.get(problem, OTHER)
        text = t(
            words, channel=NAMES.get(channel, channel), problem=problem, until=moment(until, t)
        )
        desk.tell(chat, Outgoing(text), Lane.URGENT)
    await desk.clear()


async def stay_in_touch(
    db: AsyncConnection, world: World, now: datetime, conversation_id: int
) -> None:
    """Ask a member of staff to write something while the platform still lets us write to them."""
    desk = Desk(db, now, world)
    chat = await desk.chat(conversation_id)
    t = translator(chat.locale)
    text = t(
        N_(
            "Dạ, lâu chưa thấy tin của ông/bà. Để còn nhận được hồ sơ **khẩn** ở đây, xin bấm một "
            "nút hoặc nhắn một chữ trong vài giờ tới."
        )
    )
    buttons = (
        command_button("hangdoi", t(N_("📋 Hàng đợi"))),
        command_button("menu", t(N_("Trình đơn"))),
    )
    desk.tell(chat, Outgoing(text, buttons), Lane.REMINDER)
    await desk.clear()
