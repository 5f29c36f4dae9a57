"""Which notices a case must have given, retold from its story without the clockwork's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.deadlines.clocks import Due, clocks, resume
from models.deadlines.ladder import Rung, rungs
from models.deadlines.schema import URGENCIES
from tests.month.commune import LAST, up_to_the_minute

Pause = tuple[datetime, datetime]
LEVELS = {"Nguy hiểm": "sos", "Không gấp": "low", "Gấp": "high", "Thường": "normal"}


@dataclass
class Told:
    """One case at one moment of the retelling."""

    kinds: Sequence[str]
    urgency: str
    opened: datetime
    commune: str
    take: Due
    answer: Due
    pauses: list[Pause] = field(default_factory=list)
    waiting: datetime | None = None
    taken: bool = False
    answered: datetime | None = None
    known: bool = False
    rounds: dict[str, int] = field(default_factory=lambda: {"take": 1, "answer": 1})
    given: dict[tuple[int, str], datetime] = field(default_factory=dict)
    ended: dict[tuple[str, int], bool | None] = field(default_factory=dict)

    def running(self) -> list[Rung]:
        found: list[Rung] = []
        if not self.taken:
            found += rungs(self.take, "take", self.urgency)
        if self.answered is None and self.waiting is None:
            due = resume(self.answer, self.pauses)
            of_answer = rungs(due, "answer", self.urgency, self.pauses)
            found += [rung for rung in of_answer if not (self.known and rung.until_acknowledged)]
        return found

    def pass_to(self, since: datetime, until: datetime) -> None:
        """Give what comes due between two events."""
        for rung in self.running():
            minute = up_to_the_minute(max(rung.at, since))
            which = (self.rounds[rung.clock], rung.id)
            if minute <= until and which not in self.given:
                self.given[which] = minute

    def happen(self, event: Any) -> None:
        match event.what:
            case "taken":
                self.ended["take", self.rounds["take"]] = event.at <= self.take.at
                self.taken = True
            case "asked":
                self.waiting = self.waiting or event.at
            case "answered":
                if self.waiting is not None:
                    began = max(self.waiting, self.answer.counted_from)
                    self.pauses.append((began, event.at))
                self.waiting = None
            case "acknowledged":
                self.known = True
            case "confirmed":
                due = resume(self.answer, self.pauses).at
                self.answered = min(event.at, self.waiting or event.at)
                self.ended["answer", self.rounds["answer"]] = self.answered <= due
                self.waiting = None
            case "urgency":
                to = event.body["text"].partition("→ ")[2]
                self.judge(next(one for word, one in LEVELS.items() if word in to[:12]), event.at)

    def judge(self, level: str, now: datetime) -> None:
        raised = URGENCIES.index(level) < URGENCIES.index(self.urgency)
        due = resume(self.answer, self.pauses).at
        fixed = clocks(self.kinds, level, now if raised else self.opened, self.commune)
        self.urgency = level
        if not raised:
            self.answer = fixed.answer
            self.take = self.take if self.taken else fixed.take
            return
        if fixed.answer.at < due:
            late = min(now, self.waiting or now) > due
            self.ended["answer", self.rounds["answer"]] = False if late else None
            self.answer, self.pauses = fixed.answer, []
            self.rounds["answer"] += 1
        if not self.taken and fixed.take.at < self.take.at:
            self.ended["take", self.rounds["take"]] = False if now > self.take.at else None
            self.take = fixed.take
            self.rounds["take"] += 1
        self.known = False


def retell(case: Any, events: Sequence[Any], first_urgency: str) -> Told:
    fixed = clocks(case.kinds, first_urgency, case.opened_at, case.commune)
    told = Told(case.kinds, first_urgency, case.opened_at, case.commune, fixed.take, fixed.answer)
    since = case.opened_at
    for event in events:
        told.pass_to(since, event.at)
        told.happen(event)
        since = event.at
    told.pass_to(since, LAST)
    return told
