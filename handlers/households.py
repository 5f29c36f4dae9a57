"""The book of a village's households: found, kept, corrected and taken out.

One household is one entry however it is spelled: written again, it is brought up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select, update

from handlers.desk import Desk, Turn
from handlers.dialogue import Choice
from handlers.i18n import N_, Translate
from handlers.villages import key as village_key
from models import vault, village_rules
from models.households import Household
from models.text import fold
from models.village_rules import Basis

Source = Literal["typed", "pasted", "spreadsheet", "report"]
Outcome = Literal["added", "changed", "same"]

GROUPS = (
    Choice("elderly_alone", N_("Người già neo đơn, già yếu")),
    Choice("disabled", N_("Người khuyết tật")),
    Choice("illness", N_("Bệnh nặng")),
    Choice("pregnant", N_("Mang thai, mới sinh")),
    Choice("small_children", N_("Trẻ nhỏ")),
    Choice("slope", N_("Gần sườn dốc, taluy")),
    Choice("stream", N_("Gần sông, suối, vùng ngập")),
    Choice("weak_house", N_("Nhà yếu, nhà tạm")),
    Choice("no_phone", N_("Không có điện thoại")),
)
GROUP = {choice.id: choice.label for choice in GROUPS}
BASES = (
    Choice("consent", N_("Hộ đã đồng ý")),
    Choice("duty", N_("Xã lập theo nhiệm vụ")),
)
BASIS = {choice.id: choice.label for choice in BASES}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one household."""

    head: str
    phone: str | None = None  # +84…
    people: int | None = None
    address: str | None = None
    poverty: str | None = None  # poor, near_poor, neither
    groups: tuple[str, ...] = ()  # ids of at_risk.yaml
    note: str | None = None

    @classmethod
    def read(cls, private: Mapping[str, Any]) -> Facts:
        return cls(**{**private, "groups": tuple(private.get("groups", ()))})

    def packed(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value not in (None, (), "")}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry comes from, and on what ground it is kept."""

    basis: Basis
    source: Source


@dataclass(frozen=True, slots=True)
class Known:
    """One entry of the book."""

    id: int
    village: str
    facts: Facts

    @property
    def weight(self) -> int:
        return village_rules.weight(self.facts.groups)


def in_words(groups: Iterable[str], t: Translate, *, sensitive: bool = True) -> str:
    """The reasons for which a household is looked after; health only to who keeps the list."""
    rules = {group.id: group for group in village_rules.at_risk().groups}
    shown = [one for one in groups if sensitive or not (one in rules and rules[one].sensitive)]
    return ", ".join(t(GROUP.get(one, one)).lower() for one in shown)


def groups_in(text: str) -> tuple[str, ...]:
    """The groups that words of a list name: «già neo đơn, gần suối»."""
    said = _NOT_MEANT.sub(" ", f" {re.sub(r'[^a-z0-9]+', ' ', fold(text))} ")
    found = []
    for word, group in _by_length():
        said, hits = re.subn(rf"(?<= ){word}(?= )", "", said)
        if hits:
            found.append(group)
    return ordered(found)


def ordered(groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(choice.id for choice in GROUPS if choice.id in set(groups))


_NOT_MEANT = re.compile(
    r"(?<= )(?:gia dinh|khong (?:bi )?(?:khuyet tat|benh|mang thai|ngap))(?= )"
)


def _by_length() -> list[tuple[str, str]]:
    rules = village_rules.at_risk().groups
    words = [(word, group.id) for group in rules for word in group.words]
    return sorted(words, key=lambda pair: -len(pair[0]))


def same_name(one: str, other: str) -> bool:
    return _name(one) == _name(other)


def _name(typed: str) -> str:
    """A name without marks, titles and nicknames in brackets."""
    said = re.sub(r"\(.*?\)", " ", fold(typed))
    return " ".join(_TITLE.sub("", re.sub(r"[^a-z0-9 ]+", " ", said).strip()).split())


_TITLE = re.compile(r"^(?:(?:ho|nha|gia dinh|ong|ba|co|chu|bac|cu|anh|chi|di|cau|em)\s+)+")


async def of_village(
    desk: Desk, commune: str, village: str, *, at_risk: bool = False
) -> list[Known]:
    """The households of a village, those to be visited first first."""
    return await of_villages(desk, commune, [village], at_risk=at_risk)


async def of_villages(
    desk: Desk, commune: str, villages: Sequence[str] | None, *, at_risk: bool = False
) -> list[Known]:
    """The households of some villages of a commune, of all with None."""
    query = select(Household.id, Household.village, Household.private).where(
        Household.commune == commune
    )
    if villages is not None:
        query = query.where(Household.village_key.in_([village_key(one) for one in villages]))
    if at_risk:
        query = query.where(Household.at_risk)
    rows = await desk.db.execute(query.order_by(Household.id))
    found = [Known(row.id, row.village, Facts.read(row.private)) for row in rows]
    return sorted(found, key=lambda one: (-one.weight, one.id))


async def one(desk: Desk, household_id: int) -> tuple[Known, str] | None:
    """One entry and the commune that keeps it."""
    row = (
        await desk.db.execute(
            select(Household.id, Household.village, Household.private, Household.commune).where(
                Household.id == household_id
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return Known(row.id, row.village, Facts.read(row.private)), row.commune


async def keep(
    turn: Turn, commune: str, village: str, facts: Facts, origin: Origin
) -> tuple[int, Outcome]:
    """Enter a household, or bring its entry up to date; what is not said stays as it was."""
    # two lists of one village at once would not see each other's entries
    place = f"households:{commune}:{village_key(village)}"
    await turn.db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))
    known = _the_same(await of_village(turn, commune, village), facts)
    if known is not None:
        merged = _merged(known.facts, facts)
        await correct(turn, known.id, merged)
        return known.id, "same" if merged == known.facts else "changed"
    made = await turn.db.execute(
        insert(Household)
        .values(
            commune=commune,
            village=village,
            village_key=village_key(village),
            basis=origin.basis,
            basis_at=turn.now,
            source=origin.source,
            added_by=turn.person_id,
            added_at=turn.now,
            **_columns(turn, facts),
        )
        .returning(Household.id)
    )
    return int(made.scalar_one()), "added"


def _the_same(known: Sequence[Known], facts: Facts) -> Known | None:
    """By telephone and like name, else by name alone where no other number speaks against it."""
    named = [one for one in known if same_name(one.facts.head, facts.head)]
    exact = [one for one in named if facts.phone and one.facts.phone == facts.phone]
    open_ = [one for one in named if not (one.facts.phone and facts.phone)]
    return next(iter((*exact, *open_)), None)


def _merged(old: Facts, new: Facts) -> Facts:
    said = {name: value for name, value in new.packed().items() if name not in ("head", "groups")}
    return replace(old, **said, groups=ordered((*old.groups, *new.groups)))


async def correct(turn: Turn, household_id: int, facts: Facts) -> None:
    """Write an entry as it is now."""
    await turn.db.execute(
        update(Household).where(Household.id == household_id).values(**_columns(turn, facts))
    )


async def reviewed(desk: Desk, household_ids: Sequence[int]) -> None:
    """Somebody who knows said that these entries are still so."""
    if household_ids:
        await desk.db.execute(
            update(Household).where(Household.id.in_(household_ids)).values(reviewed_at=desk.now)
        )


async def take_out(desk: Desk, household_id: int) -> None:
    """Delete an entry; nothing of it stays but the log of who did it."""
    await desk.db.execute(delete(Household).where(Household.id == household_id))


def _columns(desk: Desk, facts: Facts) -> dict[str, Any]:
    hashed = vault.current().fingerprint(facts.phone) if facts.phone else None
    return {
        "private": facts.packed(),
        "phone_hash": hashed,
        "at_risk": bool(facts.groups),
        "changed_at": desk.now,
        "reviewed_at": desk.now,
    }
