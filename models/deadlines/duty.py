"""Whom a commune rings: who is on duty, who stands in for somebody, who leads."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.deadlines.ladder_file import DutyRule

LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Member:
    """One officer or leader of a commune, as the roster has them at this moment."""

    person: UUID
    roles: frozenset[str]
    rostered: bool = False  # named by the roster for this duty day
    marked: bool | None = None  # said so by /truc, and it still holds
    away: bool = False  # on leave
    stand_in: UUID | None = None  # while away


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who could be rung in a commune."""

    members: tuple[Member, ...]
    rule: DutyRule
    is_open: bool  # working hours

    def on_duty(self) -> frozenset[UUID]:
        """Everybody who is on duty now; never nobody while the commune has anybody.

        The roster decides, or everybody at work where it names nobody; «vào trực» and «nghỉ
        trực» of a person come on top.  With nobody left everybody present is on duty, and with
        nobody present everybody there is.
        """
        present = {one.person for one in self.members if not one.away}
        wanted = self.rule.office_hours if self.is_open else self.rule.other_hours
        named = {
            stand_in
            for one in self.members
            if one.rostered and (stand_in := self.present_for(one.person)) is not None
        }
        chosen = named if wanted == "rostered" and named else present
        chosen |= {one.person for one in self.members if one.marked}
        chosen -= {one.person for one in self.members if one.marked is False}
        return frozenset(chosen or present or {one.person for one in self.members})

    def officers_on_duty(self) -> frozenset[UUID]:
        """Those on duty but for the leaders, who are rung later; the leaders where nobody else."""
        chosen = self.on_duty()
        return chosen - self._led_by() or chosen

    def leaders(self) -> frozenset[UUID]:
        """The leaders at work, the stand-ins of those away; all leaders rather than nobody."""
        leading = self._led_by()
        there = {self.present_for(person) for person in leading} - {None}
        return frozenset(one for one in there if one is not None) or leading

    def in_charge(self, *people: UUID | None) -> frozenset[UUID]:
        """Whoever took a case, or stands in for them; nobody if neither is there."""
        there = {self.present_for(person) for person in people if person is not None}
        return frozenset(one for one in there if one is not None)

    def present_for(self, person: UUID) -> UUID | None:
        """Follow stand-ins to somebody who is there; None if there is nobody."""
        known = {one.person: one for one in self.members}
        seen: set[UUID] = set()
        at: UUID | None = person
        while at is not None and at in known and at not in seen:
            if not known[at].away:
                return at
            seen.add(at)
            at = known[at].stand_in
        return None

    def _led_by(self) -> frozenset[UUID]:
        return frozenset(one.person for one in self.members if LEADER in one.roles)
