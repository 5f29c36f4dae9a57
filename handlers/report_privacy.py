"""What somebody hit or threatened at home hears first: whom to call, and who reads the report."""

from __future__ import annotations

from handlers.desk import Turn
from handlers.i18n import N_

VIOLENCE = "violence"


def reassure(turn: Turn) -> None:
    """Say it once, as soon as violence is told of, whether or not it goes on now.

    That nobody nearby is told is kept by ``heads.kept_from_heads`` and ``checks.by_itself``.
    """
    draft = turn.draft
    kinds = ",".join(str(draft.get(name, "")) for name in ("kinds", "more")).split(",")
    if VIOLENCE not in kinds or draft.get("_reassured"):
        return
    draft["_reassured"] = True
    told = turn.t(
        N_(
            "🔒 Đang bị đánh, bị doạ: gọi **113**; trẻ em: gọi **111** (ngày đêm, miễn phí). Tin "
            "này **giữ kín**: chỉ cán bộ có trách nhiệm xem, không tự báo cho người nhà, hàng xóm "
            "hay trưởng thôn."
        )
    )
    turn.lead = "\n\n".join(part for part in (turn.lead, told) if part)
