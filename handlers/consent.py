"""Consent to handle personal data: asked once, by purpose, recorded with the wording's version.

Source: Luật 91/2025/QH15 Điều 9 and Điều 19 khoản 1 điểm a (protection of life needs none);
NĐ 356/2025/NĐ-CP Điều 6.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from handlers.answers import yes_no
from handlers.desk import Turn
from handlers.dialogue import Choice
from handlers.i18n import N_
from models.conversations import Received
from models.hot import Hot
from models.people import Consent

CASE = "case"  # purpose: handle a report
WORDING = "2026-11-22"  # change it with the text below

NOTICE = N_(
    "Trước khi ghi nhận, xin ông/bà cho phép UBND xã, phường lưu và dùng họ tên, số điện thoại, "
    "nơi ở, tình trạng gia đình **chỉ để giải quyết việc trợ giúp này**. Thông tin được mã hoá; "
    "xem, sửa, rút lại hoặc xoá lúc nào cũng được (gõ /riengtu)."
)
CHOICES = (Choice("agree", N_("✅ Đồng ý")), Choice("refuse", N_("Không đồng ý")))
REFUSED = N_(
    "Dạ, những điều vừa kể đã được xoá. Ông/bà vẫn có thể tới hoặc gọi UBND xã, phường để được "
    "giúp; nguy hiểm tính mạng thì gọi ngay **112** hoặc bấm 🆘 (không cần đồng ý trước)."
)


def agreed(text: str) -> str:
    said = text.strip()
    if said in ("agree", "refuse"):
        return said
    return "agree" if yes_no(text) == "yes" else "refuse"


async def given(turn: Turn, purpose: str = CASE) -> bool:
    standing = await turn.db.scalar(
        select(func.count())
        .select_from(Consent)
        .where(
            Consent.person_id == turn.person_id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
    )
    return bool(standing)


async def record(turn: Turn, purpose: str = CASE) -> None:
    """Write down that the person agreed; agreeing twice changes nothing."""
    await _RECORD.run(
        turn.db,
        person_id=turn.person_id,
        purpose=purpose,
        wording=WORDING,
        channel=turn.said.channel,
        given_at=turn.now,
    )
    turn.consented = True


_RECORD = Hot(
    insert(Consent)
    .values(
        {
            name: bindparam(name)
            for name in ("person_id", "purpose", "wording", "channel", "given_at")
        }
    )
    .on_conflict_do_nothing()
)


async def withdraw(turn: Turn, purpose: str = CASE) -> bool:
    """End a standing consent; False if there was none."""
    done = await turn.db.execute(
        update(Consent)
        .where(
            Consent.person_id == turn.person_id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=turn.now)
    )
    return bool(done.rowcount)


async def withdraw_all(turn: Turn) -> None:
    """End every standing consent of the person."""
    await turn.db.execute(
        update(Consent)
        .where(Consent.person_id == turn.person_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=turn.now)
    )
    turn.consented = False


async def forget_words(turn: Turn) -> None:
    """Empty what the person typed: nothing is kept of somebody who does not agree to it."""
    await turn.db.execute(
        update(Received)
        .where(Received.conversation_id == turn.chat_id, Received.body.is_not(None))
        .values(body=None)
    )
