"""What the province decides about the days of the calendar: on, off, when; its own days.

A decision holds at once and a second person is asked to look at it: whatever the calendar says,
nothing goes out before its draft was approved by two.
"""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from handlers.broadcasts import card, letter, planner, year
from handlers.broadcasts.dayviews import change_of, draft_of, key, named, show, tell_others
from handlers.broadcasts.letter import Row
from handlers.desk import Turn
from handlers.i18n import N_, Translate
from handlers.messages import Button
from handlers.permissions import Scope, act
from handlers.render import command_button
from handlers.times import moment
from models.broadcasts import State
from models.days import DayChange, OwnDay
from models.occasions import Occasion, occasion

OPEN = (State.DRAFT, State.PROPOSED, State.APPROVED, State.MISSED)
GONE = (State.RUNNING, State.PAUSED, State.DONE, State.STOPPED)
ON = N_("✅ Đã bật.")
OFF = N_("⏸ Đã tắt: không soạn, không gửi.")
TIMED = N_("🕒 Đã đổi ngày giờ gửi.")
AS_FILED = N_("↩ Đã trở lại như lịch gốc.")
ADDED = N_("🆕 Đã thêm vào lịch.")
REMOVED = N_("🗑 Đã bỏ khỏi lịch.")


async def decide(turn: Turn, one: Occasion, told: str, **columns: object) -> None:
    """Write a decision about one day of one year, and let its draft follow."""
    await _alone(turn)
    if await _sent(turn, one):
        return
    await _act(turn, one, "changed", **columns)
    fresh = {**columns, "changed_by": turn.person_id, "changed_at": turn.now, "looked_by": None}
    await turn.db.execute(
        insert(DayChange)
        .values(occasion=one.day.id, occasion_on=one.on, **fresh)
        .on_conflict_do_update(
            index_elements=["occasion", "occasion_on"],
            set_={**fresh, "version": DayChange.version + 1},
        )
    )
    await _follow(turn, one, told)


async def switch_off(turn: Turn, one: Occasion, _: str) -> None:
    await decide(turn, one, OFF, on=False)


async def as_filed(turn: Turn, one: Occasion, _: str) -> None:
    """Take back what was decided for this year."""
    await _alone(turn)
    if await _sent(turn, one):
        return
    usual = occasion(one.day, one.on)
    if usual.wanted and usual.late_at <= turn.now:
        told = N_("Dạ, giờ gửi theo lịch gốc ({at}) đã qua. Xin tắt hoặc đổi ngày giờ.")
        await show(turn, one, turn.t(told, at=moment(usual.send_at, turn.t)))
        return
    await _act(turn, one, "as filed")
    await turn.db.execute(  # kept, so that no look at an earlier version counts for a later one
        update(DayChange)
        .where(DayChange.occasion == one.day.id, DayChange.occasion_on == one.on)
        .values(on=None, days_before=None, hour=None, version=DayChange.version + 1)
    )
    await _follow(turn, one, AS_FILED)


async def looked(turn: Turn, one: Occasion, version: str) -> None:
    """The second look, at the very decision that was read."""
    t, change = turn.t, await change_of(turn, one)
    if change is None or version != str(change["version"]):
        await show(turn, one, t(N_("Dạ, ngày này đã được đổi tiếp. Đây là bản mới:")))
        return
    if change["changed_by"] == turn.person_id:
        await show(turn, one, t(N_("Dạ, cần một người khác xem lại.")))
        return
    await _act(turn, one, "looked")
    await turn.db.execute(
        update(DayChange)
        .where(
            DayChange.occasion == one.day.id,
            DayChange.occasion_on == one.on,
            DayChange.version == change["version"],
        )
        .values(looked_by=turn.person_id)
    )
    await show(turn, one, t(N_("👁 Đã ghi: ông/bà đã xem lại.")))
    await tell_others(turn, one, N_("👁 Người thứ hai đã xem lại:"))


async def add(turn: Turn, body: dict[str, object]) -> None:
    """A day of the province's own; the second look is at its first time."""
    number = await turn.db.scalar(
        insert(OwnDay)
        .values(body=body, added_by=turn.person_id, added_at=turn.now)
        .returning(OwnDay.id)
    )
    await _added(turn, f"{year.OWN}{number}")


async def remove(turn: Turn, one: Occasion, _: str) -> None:
    """Take an own day out of every year."""
    if not one.day.id.startswith(year.OWN):
        await show(turn, one)
        return
    await _alone(turn)
    draft = await draft_of(turn, one, lock=True)
    await _act(turn, one, "removed")
    await turn.db.execute(
        update(OwnDay)
        .where(OwnDay.id == int(one.day.id.removeprefix(year.OWN)))
        .values(removed_at=turn.now)
    )
    if draft is not None and State(draft["state"]) in OPEN:
        await _cancel(turn, draft)
    t = turn.t
    said = f"{t(REMOVED)}\n{named(one, turn.locale)}"
    turn.say(said, *_restoring(one, t), command_button("lich", t(N_("📅 Lịch"))))
    await tell_others(turn, one, REMOVED, _restoring)


def _restoring(one: Occasion, t: Translate) -> tuple[Button, ...]:
    return (command_button("lich", t(N_("↩ Lấy lại")), f"laylai {one.day.id}"),)


async def restore(turn: Turn, day_id: str) -> bool:
    """Take an own day back that somebody took out; False if there is none."""
    number = day_id.removeprefix(year.OWN)
    if not number.isdecimal() or len(number) > 9:
        return False
    back = await turn.db.scalar(
        update(OwnDay)
        .where(OwnDay.id == int(number), OwnDay.removed_at.is_not(None))
        .values(removed_at=None, added_at=turn.now)
        .returning(OwnDay.id)
    )
    if back is not None:
        await _added(turn, day_id)
    return back is not None


async def _added(turn: Turn, day_id: str) -> None:
    one = await year.next_of(turn, day_id)
    if one is None:  # its only year is over
        await act(turn, "broadcast_calendar", Scope(None), day=day_id, did="added")
        turn.say(turn.t(ADDED), command_button("lich", turn.t(N_("📅 Lịch"))))
    else:
        await decide(turn, one, ADDED, on=True)


async def _act(turn: Turn, one: Occasion, did: str, **to: object) -> None:
    await act(turn, "broadcast_calendar", Scope(None), day=key(one), did=did, to=to)


async def _alone(turn: Turn) -> None:
    """While the planner does not look: what is switched off now is not drafted meanwhile."""
    await turn.db.execute(select(func.pg_advisory_xact_lock(planner.LOCK)))


async def _sent(turn: Turn, one: Occasion) -> bool:
    """Whether its message has begun to go out; then it is steered where messages are."""
    draft = await draft_of(turn, one, lock=True)
    if draft is None or State(draft["state"]) not in GONE:
        return False
    told = N_("Dạ, tin của ngày này đã gửi hoặc đang gửi. Xem, dừng: /guitin")
    turn.say(turn.t(told), card.door(draft, turn.t))
    return True


async def _follow(turn: Turn, one: Occasion, told: str) -> None:
    """Bring the draft in line with what the calendar says now; tell it."""
    now = await year.next_of(turn, one.day.id, one.on) or one
    draft = await draft_of(turn, one)
    if draft is None:
        await planner.plan(turn)
    elif now.wanted:
        await _reopen(turn, draft, now)
    elif State(draft["state"]) in OPEN:
        await _cancel(turn, draft)
    await show(turn, now, turn.t(told))
    await tell_others(turn, now, told)


async def _reopen(turn: Turn, draft: Row, now: Occasion) -> None:
    """Let it go out when the calendar says now; what was given up is written anew by people."""
    columns = {"due_at": now.send_at, "reminded_at": None, "version": draft["version"] + 1}
    if draft["state"] in (State.CANCELLED, State.MISSED):
        columns |= {"state": State.DRAFT.value, "finished_at": None, "approved_by": None}
        columns |= {"approved_at": None, "digest": None}
    await letter.change(turn, draft, **columns)


async def _cancel(turn: Turn, draft: Row) -> None:
    await letter.change(turn, draft, state=State.CANCELLED.value, finished_at=turn.now)
