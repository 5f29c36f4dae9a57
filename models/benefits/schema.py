"""The shape of the law files.  What does not fit is refused when they are loaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Tag = Literal["T", "A", "A~", "B", "?", "J"]
UNSURE: frozenset[Tag] = frozenset({"A~", "B", "?", "J"})
Scalar = bool | int | str
Topic = Literal["monthly", "pension", "care", "facility", "card", "funeral", "emergency"]
Group = Literal["personal", "single_parent", "care_of", "care_parent", "funeral"]
Recipient = Literal["person", "household", "carer", "organiser", "facility"]
FactType = Literal["yes_no", "choice", "choices", "date", "number", "money", "children", "people"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Strict):
    """Where a rule or a figure was read and how sure it is (tags as in docs/benefits.md)."""

    doc: str
    article: str
    tag: Tag
    confirm: str | None = None  # what the province must confirm; needed when unsure

    @model_validator(mode="after")
    def unsure_says_why(self) -> Source:
        if self.tag in UNSURE and not self.confirm:
            raise ValueError(f"a source marked {self.tag} must say what to confirm")
        return self

    @property
    def cited(self) -> str:
        return f"{self.article} {self.doc}".strip()


class Condition(Strict):
    """A test of one fact, or ``all``, ``any``, ``none`` of further conditions."""

    say: str | None = None
    article: str | None = None
    fact: str | None = None
    benefit: str | None = None  # the person meets the conditions of this benefit
    equals: Scalar | None = Field(None, alias="is")
    among: tuple[str, ...] | None = Field(None, alias="in")
    has: tuple[str, ...] | None = None  # a set holds at least one of these
    only: tuple[str, ...] | None = None  # a set holds nothing but these
    at_least: int | None = None
    at_most: int | None = None
    below: int | None = None
    below_parameter: str | None = None
    unclear: tuple[str, ...] = ()  # values the wording does not settle
    unclear_say: str | None = None
    every: tuple[Condition, ...] | None = Field(None, alias="all")
    some: tuple[Condition, ...] | None = Field(None, alias="any")
    neither: tuple[Condition, ...] | None = Field(None, alias="none")

    @model_validator(mode="after")
    def one_thing(self) -> Condition:
        tests = [self.equals, self.among, self.has, self.only, self.at_least, self.at_most]
        tests += [self.below, self.below_parameter]
        groups = [self.every, self.some, self.neither]
        count_tests = sum(test is not None for test in tests)
        count_groups = sum(group is not None for group in groups)
        if self.benefit is not None and (self.fact or count_groups or count_tests):
            raise ValueError(f"benefit {self.benefit} needs no test beside it")
        if self.benefit is None and self.fact is None and (count_groups != 1 or count_tests):
            raise ValueError("a condition is either one test of a fact, or all, any or none")
        if self.fact is not None and (count_tests != 1 or count_groups):
            raise ValueError(f"fact {self.fact} needs exactly one test")
        if any(group is not None and not group for group in groups):
            raise ValueError("all, any or none of nothing")
        if bool(self.unclear) != bool(self.unclear_say):
            raise ValueError("unclear and unclear_say go together")
        return self

    @property
    def parts(self) -> tuple[Condition, ...]:
        return self.every or self.some or self.neither or ()


class Payment(Strict):
    """What is paid when ``when`` holds; of several the first that holds counts."""

    say: str
    when: Condition | None = None
    coefficient: Decimal | None = None  # of the parameter ``of``
    of: str = "standard"
    fixed: int | None = None  # đồng
    times: str | None = None  # a counting fact to multiply by
    times_at_most: int | None = None
    floor_of: str | None = None  # a money fact paid instead when it is higher
    goods: str | None = None  # what is given when it is not money
    quantity: int | None = None  # of goods, a person
    minimum: bool = False  # the decree says "thấp nhất", "tối thiểu"
    wording: str | None = None  # one careful line for a report; {amount}, {persons}
    source: Source

    @model_validator(mode="after")
    def one_amount(self) -> Payment:
        given = [self.coefficient, self.fixed, self.goods]
        if sum(value is not None for value in given) != 1:
            raise ValueError(f"{self.say!r}: one of coefficient, fixed, goods")
        return self


class Window(Strict):
    """A stretch of days, both ends inclusive."""

    since: Annotated[date, Field(alias="from")]
    to: date | None = None

    @model_validator(mode="after")
    def forwards(self) -> Window:
        if self.to is not None and self.to < self.since:
            raise ValueError(f"from {self.since} runs to {self.to}")
        return self

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.to is None or day <= self.to)


class Open(Strict):
    """Why there is nothing to compute in a window."""

    say: str
    source: Source


class Version(Window):
    code: str = ""  # the legal point, as officers say it: k5a
    source: Source | None = None
    absent: Open | None = None  # the benefit does not exist in these days
    officer: Open | None = None  # the law leaves open what ``when`` (or anybody) gets
    when: Condition | None = None
    pays: tuple[Payment, ...] = ()
    papers: tuple[str, ...] = ()
    paid_from: str | None = None  # where it differs from the procedure's
    not_checked: tuple[str, ...] = ()
    for_officers: tuple[str, ...] = ()  # what the public need not read

    @model_validator(mode="after")
    def complete(self) -> Version:
        if sum(part is not None for part in (self.absent, self.officer)) == 2:
            raise ValueError(f"{self.since}: absent or officer, not both")
        if self.absent is not None and self.when is not None:
            raise ValueError(f"{self.since}: absent has no conditions")
        if self.absent is None and self.officer is None and self.when is None:
            raise ValueError(f"{self.since}: either when and pays, or absent, or officer")
        in_force = self.absent is None and self.officer is None
        if in_force and (self.source is None or not self.pays or not self.code):
            raise ValueError(f"{self.since}: a version in force needs code, source and pays")
        return self


class Benefit(Strict):
    """One benefit through time, newest version first."""

    id: str
    title: str
    topic: Topic
    life: tuple[str, ...]
    recipient: Recipient
    per: Literal["tháng", "lần", "ngày", "thẻ"]
    group: Group | None = None
    procedure: str
    considered: bool = False  # the decree says "được xem xét"
    not_checked: tuple[str, ...] = ()
    versions: tuple[Version, ...]


class ProcedureVersion(Window):
    source: Source
    decides: str
    where: str
    forms: tuple[str, ...] = ()
    limit_working_days: int | None = None
    limit_days: int | None = None  # calendar days
    limit_say: str
    paid_from: str
    before_month_end: bool = False  # paid from the month of signing: file before it ends
    service_code: str | None = None


class Procedure(Strict):
    id: str
    title: str
    versions: tuple[ProcedureVersion, ...]


class ParameterValue(Window):
    value: int | None  # null: follows the national figure, or not known
    source: Source


class Parameter(Strict):
    id: str
    title: str
    unit: str
    overrides: str | None = None  # the parameter this one replaces where it is higher
    starts: date
    values: tuple[ParameterValue, ...]


class Area(Window):
    commune: str  # five-digit code
    village: str | None = None  # null: the whole commune
    source: Source


class AreaList(Window):
    title: str
    complete: bool  # only a complete list can say that a place is not in it
    source: Source
    areas: tuple[Area, ...] = ()


class PovertyStandard(Window):
    title: str
    say: str
    source: Source


class Document(Strict):
    id: str
    title: str
    read: str  # what was read, and where


class FactDef(Strict):
    id: str
    type: FactType
    about: Literal["person", "household", "event"]
    say: str
    ask: str | None = None  # the question, about {who}; none for a derived fact
    derived_from: tuple[str, ...] = ()
    choices: dict[str, str] = Field(default_factory=dict)
    ages: dict[str, tuple[int, int]] = Field(default_factory=dict)  # at which a choice may hold
    ask_of_death: str | None = None  # the question about somebody who died, where it differs
    never_of_death: tuple[str, ...] = ()  # choices that make no sense there
    cost: int = 2  # of asking: 1 everybody knows, 5 painful or hard to know
    sensitive: bool = False

    @model_validator(mode="after")
    def narrows_its_choices(self) -> FactDef:
        if odd := ({*self.ages, *self.never_of_death} - {*self.choices}):
            raise ValueError(f"{min(odd)} is not one of its choices")
        return self

    @property
    def question(self) -> str | None:
        """The question about somebody who is not named."""
        return self.ask and self.ask.format(who="người đó", Who="Người đó")
