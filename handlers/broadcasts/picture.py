"""How a broadcast ended, as a picture: outcomes by channel and by commune."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select

from handlers.broadcasts import card, letter
from handlers.cards import commune_name
from handlers.desk import Chat, Desk
from handlers.i18n import N_, Translate, translator
from handlers.papers import Made, NothingToMake, file_name
from models import ledger
from models.broadcasts import Answer, Fate, Subscription
from models.cases import Case

COMMUNES = 20  # shown by themselves, those with the most recipients
# told apart by people who see no red or green as well (Okabe and Ito)
COLOURS = {
    Fate.SEEN: "#0072B2",
    Fate.DELIVERED: "#56B4E9",
    Fate.SENT: "#009E73",
    Fate.MAILBOX: "#F0E442",
    Fate.BLOCKED: "#D55E00",
    Fate.FAILED: "#000000",
    Fate.OPTED_OUT: "#CC79A7",
    Fate.STOPPED: "#999999",
    Fate.WAITING: "#DDDDDD",
    Fate.QUEUED: "#BBBBBB",
}
Table = Sequence[tuple[str, Mapping[str, int]]]  # name of a bar, and how many of each fate


async def maker(desk: Desk, chat: Chat, facts: Mapping[str, Any]) -> Made:
    """Gather the figures; drawing is left for later."""
    row = await letter.find(desk, int(facts["broadcast"]))
    if row is None:
        raise NothingToMake(N_("Dạ, tin này không còn."))
    await ledger.settle(desk.db, desk.now, row["id"])
    counted = await ledger.counts(desk.db, row["id"])
    t = translator(chat.locale)
    channels: dict[str, dict[str, int]] = {}
    communes: dict[str, dict[str, int]] = {}
    for (channel, commune, fate), many in counted.items():
        for into, name in (
            (channels, card.CHANNEL.get(channel, channel)),
            (communes, commune_name(commune, t) if commune else t(N_("chưa rõ xã"))),
        ):
            one = into.setdefault(name, {})
            one[fate] = one.get(fate, 0) + many
    names = {fate.value: t(label) for fate, label in card.FATE.items()}
    title = f"#{row['id']} {row['title']}"
    build = partial(draw, title, names, ranked(channels), ranked(communes), t)
    return Made(
        build,
        file_name("png", "Tin", str(row["id"])),
        await summary(desk, row, t),
        card.actions(row, t),
    )


async def summary(desk: Desk, row: letter.Row, t: Translate) -> str:
    """What followed: opt-outs, questions, cases."""
    answers = {
        found.what: found.people
        for found in await desk.db.execute(
            select(Answer.what, func.count(Answer.conversation_id.distinct()).label("people"))
            .where(Answer.broadcast_id == row["id"])
            .group_by(Answer.what)
        )
    }
    stopped = await desk.db.scalar(
        select(func.count(Subscription.person_id.distinct())).where(
            Subscription.broadcast_id == row["id"], Subscription.wants.is_(False)
        )
    )
    since = row["started_at"] or desk.now
    cases = await desk.db.scalar(
        select(func.count(Case.id.distinct()))
        .join(Answer, Answer.conversation_id == Case.conversation_id)
        .where(
            Answer.broadcast_id == row["id"],
            Case.opened_at >= since,
            or_(Answer.what == "check", Answer.what == "meet", Answer.what == "words"),
        )
    )
    asked = answers.get("words", 0)
    return "\n".join(
        (
            await card.standing(desk, row, t),
            t(N_("• Ngừng nhận vì tin này: {count}"), count=stopped or 0),
            t(N_("• Bấm kiểm tra chế độ: {count}"), count=answers.get("check", 0)),
            t(N_("• Hẹn cán bộ: {count}"), count=answers.get("meet", 0)),
            t(N_("• Nhắn lại: {count}"), count=asked),
            t(N_("• Hồ sơ mở sau đó: {count}"), count=cases or 0),
        )
    )


def ranked(rows: Mapping[str, Mapping[str, int]]) -> Table:
    """Bars from the largest, the rest left out."""
    return sorted(rows.items(), key=lambda one: -sum(one[1].values()))[:COMMUNES]


def draw(
    title: str, names: Mapping[str, str], channels: Table, communes: Table, t: Translate
) -> bytes:
    """Two sets of bars, one above the other, as a PNG for a telephone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow, seldom
    from matplotlib.figure import Figure  # noqa: PLC0415

    heights = [max(1, len(channels)), max(1, len(communes))]
    figure = Figure(figsize=(8, 2.4 + 0.42 * sum(heights)), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=14, fontweight="bold", wrap=True)
    above, below = figure.subplots(2, 1, height_ratios=heights)
    for axes, rows, heading in (
        (above, channels, t(N_("Theo kênh"))),
        (below, communes, t(N_("Theo xã, phường"))),
    ):
        _bars(axes, rows, names)
        axes.set_title(heading, loc="left", fontsize=11)
    handles, labels = [], []
    for axes in (above, below):
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            if label not in labels:
                handles.append(handle)
                labels.append(label)
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9, frameon=False)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110)
    return out.getvalue()


def _bars(axes: Any, rows: Table, names: Mapping[str, str]) -> None:  # noqa: ANN401 - matplotlib
    places = range(len(rows))
    left = [0] * len(rows)
    for fate, colour in COLOURS.items():
        widths = [counted.get(fate.value, 0) for _, counted in rows]
        if any(widths):
            axes.barh(places, widths, left=left, color=colour, label=names[fate.value])
            left = [one + more for one, more in zip(left, widths, strict=True)]
    axes.set_yticks(list(places), [name for name, _ in rows])
    axes.invert_yaxis()
    for place, total in enumerate(left):
        axes.text(total, place, f" {total}", va="center", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.08)
