"""The rules of a day as a page for a lawyer to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.benefits.amounts import value_on
from models.benefits.check import law
from models.benefits.engine import version_on
from models.benefits.schema import Benefit, Condition, Payment, Source, Topic, Version
from models.benefits.words import coefficient, day_of, money

TOPICS: tuple[Topic, ...] = (
    "monthly", "pension", "care", "facility", "card", "funeral", "emergency",
)  # fmt: skip


def explain_day(day: date) -> str:
    """Print every benefit of the day: conditions, amounts, articles, procedure, doubts."""
    known = law()
    lines = [f"QUY ĐỊNH ÁP DỤNG NGÀY {day_of(day)}", ""]
    lines += ["Dấu: [T] đọc trong văn bản; [A] bản lưu; [A~] nguồn thứ cấp; [B] theo hiểu biết,"]
    lines += ["chưa đối chiếu; [J] cách hiểu; [?] chưa có.", "", "CÁC MỨC", ""]
    for parameter in known.parameters.values():
        found = next((value for value in parameter.values if value.covers(day)), None)
        if found is not None:
            figure = f"{money(found.value)} {parameter.unit}" if found.value else "chưa biết"
            lines.append(f"- {parameter.title}: {figure} {_source(found.source)}")
    for standard in known.poverty:
        if standard.covers(day):
            lines.append(f"- {standard.title}: {standard.say} {_source(standard.source)}")
    for area in known.areas:
        if area.covers(day):
            state = "danh sách đủ" if area.complete else "chưa có danh sách, hỏi người dân và xã"
            lines.append(f"- {area.title}: {state} {_source(area.source)}")
    for benefit in sorted(known.benefits.values(), key=lambda item: TOPICS.index(item.topic)):
        lines += ["", *_benefit(benefit, day)]
    return "\n".join(lines) + "\n"


def _source(source: Source) -> str:
    told = f"– {source.cited} [{source.tag}]"
    return f"{told} (cần xác nhận: {source.confirm})" if source.confirm else told


def _benefit(benefit: Benefit, day: date) -> Iterator[str]:
    version = version_on(benefit, day)
    yield f"{benefit.title.upper()} ({benefit.id})"
    if version is None:
        yield "  Ngày này nằm ngoài những ngày luật đã được nhập: cần cán bộ xem."
        return
    until = f"đến {day_of(version.to)}" if version.to else "chưa có ngày hết"
    yield f"  Bản từ {day_of(version.since)} {until}"
    for opened, told in ((version.absent, "Không có"), (version.officer, "Cần cán bộ xem")):
        if opened is not None:
            yield f"  {told}: {opened.say} {_source(opened.source)}"
            if version.when is not None:
                yield "  Khi:"
                yield from _condition(version.when, "    ")
            return
    yield from _in_force(benefit, version, day)


def _in_force(benefit: Benefit, version: Version, day: date) -> Iterator[str]:
    if version.when is None or version.source is None:
        return
    yield f"  Căn cứ {_source(version.source)}"
    yield "  Điều kiện:"
    yield from _condition(version.when, "    ")
    yield "  Mức:" + (" (được xem xét)" if benefit.considered else "")
    for payment in version.pays:
        yield f"    - {payment.say}: {_amount(payment, day)} {_source(payment.source)}"
    for paper in version.papers:
        yield f"  Giấy tờ: {paper}"
    for procedure in law().procedures[benefit.procedure].versions:
        if procedure.covers(day):
            yield f"  Nơi nộp: {procedure.where}. Quyết định: {procedure.decides}"
            yield f"  Thời hạn: {procedure.limit_say} {_source(procedure.source)}"
            yield f"  Hưởng: {version.paid_from or procedure.paid_from}"
    for unchecked in (*benefit.not_checked, *version.not_checked):
        yield f"  Không kiểm tra được: {unchecked}"
    for note in version.for_officers:
        yield f"  Cán bộ lưu ý: {note}"


def _condition(condition: Condition, indent: str) -> Iterator[str]:
    article = f" ({condition.article})" if condition.article else ""
    if condition.fact is not None or condition.benefit is not None:
        yield f"{indent}- {condition.say or condition.fact or condition.benefit}{article}"
    else:
        joined = "tất cả" if condition.every else "một trong"
        joined = "không thuộc" if condition.neither else joined
        yield f"{indent}- {joined}{article}:"
        for part in condition.parts:
            yield from _condition(part, indent + "  ")
    if condition.unclear_say:
        yield f"{indent}  (cần cán bộ xem: {condition.unclear_say})"


def _amount(payment: Payment, day: date) -> str:
    if payment.goods is not None:
        return payment.goods
    times = " × số lượng" if payment.times else ""
    if payment.fixed is not None:
        return f"{money(payment.fixed)} đồng{times}"
    found = value_on(law(), payment.of, day)
    figure = found.value if found else None
    if figure is None or payment.coefficient is None:
        return "chưa có mức"
    least = "thấp nhất " if payment.minimum else ""
    total = money(int(figure * payment.coefficient))
    return f"{least}{money(figure)} × {coefficient(payment.coefficient)} = {total} đồng{times}"
