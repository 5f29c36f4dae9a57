"""The questions of a check.  Whom it is about is declared; the rest the law works out."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import answers, consent, sayings
from handlers.benefits import readers
from handlers.benefits.household import case_of, decision_of, declined_of
from handlers.benefits.kin import RELATIONS, SELF, names, relation
from handlers.benefits.readers import NONE
from handlers.benefits.statements import named as named_in
from handlers.benefits.statements import stated
from handlers.counting import only_a_household
from handlers.dialogue import DECLINED, SKIPPED, BadAnswer, Choice, Flow, Question, Values
from handlers.i18n import N_
from handlers.report_readers import poverty
from models import places
from models.benefits.check import law
from models.benefits.facts import bounds, facts_of
from models.benefits.questions import next_question
from models.benefits.schema import FactDef
from models.phone import shown

NAME = "check"
NEXT = "next"
BIRTHDAY = "birthday"  # day and month, where only the year or the age was told
SINGLE = "_single"  # «đơn thân» was said: not how it came about, but not married
NOTHING_OF_IT = Choice(NONE, N_("Không có"))
WHOM = (
    Choice(SELF, N_("Cho tôi")),
    Choice("relative", N_("Cho người thân, người quen")),
    Choice("household", N_("Cho cả nhà")),
    Choice("deceased", N_("Mai táng người đã mất")),
)
AFTER = (
    Choice("file", N_("📨 Gửi đề nghị tới xã")),
    Choice("remind", N_("🔔 Nhắc tôi khi có thay đổi")),
    Choice("why", N_("Vì sao chưa được khoản khác?")),
    Choice("on", N_("📅 Tính theo ngày khác")),
    Choice("again", N_("👥 Kiểm tra cho người khác")),
    Choice("done", N_("✔ Xong")),
)
FILING = ("consent", "commune", "village", "name", "phone")  # what a request needs
REMEMBER = "remember"
STAGE = frozenset({NEXT, REMEMBER, *FILING})  # questions that change nothing of the result


def further(values: Values) -> Question | None:
    """Ask what can still change an answer; then what is to follow from the result."""
    after = values.get(NEXT)
    if after in (None, "on"):
        if after == "on" and "day" not in values:
            return _AFTERWARDS["day"]
        return _about_facts(values) or _AFTERWARDS[NEXT]
    wanted = {"file": FILING, "remind": (REMEMBER,)}.get(str(after), ())
    asked = [one for one in wanted if one != "consent" or not values.get("_consented")]
    rest = (one for one in asked if one not in values and one not in values[DECLINED])
    return next((_AFTERWARDS[one] for one in rest), None)


def _about_facts(values: Values) -> Question | None:
    case, declined = case_of(values), declined_of(values)
    decision = decision_of(values, case)
    while (ask := next_question(case, decision, declined)) is not None:
        if ask.fact != "birth_date" or f"{ask.person}.birth_date" not in values:
            return fact_question(ask.person, ask.fact, values)
        day_of_birth = f"{ask.person}.{BIRTHDAY}"  # the year is known, and does not decide
        if day_of_birth not in values and day_of_birth not in values[DECLINED]:
            return _birthday(ask.person, values)
        declined = [*declined, (ask.person, ask.fact)]
    return None


def _birthday(person: str, values: Values) -> Question:
    return Question(
        f"{person}.{BIRTHDAY}",
        N_("{Who} sinh **ngày, tháng** nào? (ví dụ 3/3; tuổi này sát mốc nên cần biết)"),
        readers.birthday,
        choices=lambda _: (Choice(SKIPPED, N_("Không rõ")),),
        optional=True,
        names=names(values, person),
    )


def named(question_id: str, values: Values) -> Question | None:
    person, dot, fact = question_id.partition(".")
    if not dot:
        return _AFTERWARDS.get(question_id)
    if fact == BIRTHDAY:
        return _birthday(person, values)
    return fact_question(person, fact, values) if fact in law().facts else None


def fact_question(person: str, fact: str, values: Values) -> Question:
    """One question of the law about one person.  Nobody has to know or say: all are optional."""
    definition = law().facts[fact]
    ask = definition.ask or ""
    if values.get("whom") == "deceased":
        ask = definition.ask_of_death or ask
    return Question(
        f"{person}.{fact}",
        ask,
        _reader(definition),
        choices=lambda _: _possible(definition, person, values),
        many=definition.type == "choices",
        optional=True,
        names=names(values, person),
    )


def _possible(definition: FactDef, person: str, values: Values) -> tuple[Choice, ...]:
    """The choices that make sense for this person: of that age, alive or dead."""
    never = {*definition.never_of_death} if values.get("whom") == "deceased" else set[str]()
    if definition.id == "marital" and values.get(SINGLE):
        never.add("married")
    if definition.ages and "_today" in values:
        case = case_of(values)
        who = next((one for one in case.people if one.id == person), None)
        low, high = bounds(facts_of(case, who).get("age") if who else None)
        never |= {
            one for one, (first, last) in definition.ages.items() if high < first or low > last
        }
    return tuple(one for one in _choices(definition) if one.id not in never)


def _choices(definition: FactDef) -> tuple[Choice, ...]:
    unsaid = N_("Không muốn trả lời") if definition.sensitive else N_("Không rõ")
    told = tuple(Choice(one, label) for one, label in definition.choices.items())
    if definition.type == "yes_no":
        told = answers.YES_NO
    elif definition.type == "choices":
        told = (NOTHING_OF_IT, *told)
    elif definition.type == "money":
        told = (Choice("0", N_("Không có (0 đồng)")),)
    elif definition.type == "children":
        told = (NOTHING_OF_IT,)
    return (*told, Choice(SKIPPED, unsaid))


def _reader(definition: FactDef) -> Callable[[str], object]:
    kind = definition.type
    if definition.id == "birth_date":
        return readers.birth
    if kind == "choice":
        return _one_of(definition)
    if kind == "choices":
        return _receiving
    by_kind: dict[str, Callable[[str], object]] = {
        "yes_no": readers.fact,
        "money": readers.amount,
        "children": answers.Plain(readers.children, only_a_household),
        "date": readers.day,
    }
    return by_kind.get(kind, readers.number(0, 1000))


def _one_of(definition: FactDef) -> Callable[[str], str]:
    """Read a choice; «không», «có» are the choices that say so."""
    choices = _choices(definition)[:-1]
    by_id = answers.one_of(choices)
    ids = [one.id for one in choices]
    none = next((one for one in (NONE, "other") if one in ids), None)

    def read(text: str) -> str:
        if text.strip() in ids:
            return text.strip()
        if definition.id == "household":
            told = poverty(text)
            return by_id("other" if told == "neither" else told)
        if none is not None and sayings.no(text):
            return none
        if "exists" in ids and sayings.yes(text):
            return "exists"
        return stated(definition.id, frozenset(ids), text) or by_id(text)

    return read


_RECEIVES_NOTHING = re.compile(
    r"(?:khong|chua)(?: (?:co|duoc|huong|lanh|nhan|tro cap|gi|nao|che do|dong|khoan|ca|tien))+"
)


def _receiving(text: str) -> str:
    """Read several choices; «không» is none of them."""
    choices = _choices(law().facts["receiving"])[:-1]
    told = answers.several_of(choices)
    if sayings.nothing(text) or _RECEIVES_NOTHING.fullmatch(sayings.bare(text)):
        return NONE
    labels = {choice.id: choice.label for choice in choices[1:]}
    one = answers.named(labels, text) or named_in("receiving", text)
    found = [one for one in told(one or text).split(",") if one != NONE]
    return ",".join(found) or NONE


def _whom(text: str) -> str:
    """Read for whom: a choice, «cho mẹ tôi», «tôi», «cả nhà»."""
    if text.strip() in [one.id for one in WHOM]:
        return text.strip()
    said = sayings.folded(text)
    if re.search(
        r"\bmai tang|\b(?:nguoi|moi|da) (?:chet|mat|qua doi)\b|\bdam (?:ma|tang)\b", said
    ):
        return "deceased"
    if re.search(r"\b(?:ca nha|ca gia dinh|toan gia dinh|ca ho|moi nguoi trong nha)\b", said):
        return "household"
    if re.fullmatch(
        r"(?:(?:da|kiem tra|xem|hoi|cho|chinh) )*(?:toi|tui|minh|em|ban than)(?: a)?", said
    ):
        return SELF
    if re.fullmatch(r"(?:da |cho )*(?:gia dinh|nha)(?: (?:toi|tui|em|minh|con))?", said):
        return "household"
    if re.fullmatch(r"(?:cho )?(?:con|chau)", said):  # «con» is who speaks, or a child
        raise BadAnswer(answers.UNCLEAR)
    relation(text)
    return "relative"


def _known_commune(values: Values) -> tuple[Choice, ...]:
    commune = places.COMMUNES.get(str(values.get("_commune", "")))
    return (Choice(commune.code, commune.name),) if commune else ()


def _known_phone(values: Values) -> tuple[Choice, ...]:
    number = values.get("_phone")
    return (Choice(number, shown(number)),) if number else ()


_AFTERWARDS = {
    question.id: question
    for question in (
        Question(
            NEXT,
            N_("Ông/bà muốn làm gì tiếp?"),
            answers.one_of(AFTER),
            choices=lambda v: tuple(
                one for one in AFTER if one.id not in v.get("_without", ())
            ),
        ),
        Question(
            "day",
            N_("Tính theo ngày nào? (ví dụ 15/8/2025, tháng 8/2025, hôm nay)"),
            readers.day,
            choices=lambda _: (Choice("today", N_("Hôm nay")),),
        ),
        Question(
            "consent",
            consent.NOTICE,
            consent.agreed,
            choices=lambda _: consent.CHOICES,
        ),
        Question(
            "commune",
            N_("Người đề nghị cư trú ở **xã, phường** nào? (tên mới hoặc tên cũ)"),
            answers.place,
            choices=_known_commune,
            wants="position",
        ),
        Question(
            "village", N_("Ở thôn, tổ dân phố nào?"), answers.words, optional=True
        ),
        Question(
            "name", N_("Họ tên người đề nghị hưởng?"), answers.words
        ),
        Question(
            "phone",
            N_("Số điện thoại để cán bộ gọi lại?"),
            answers.phone,
            choices=_known_phone,
            wants="contact",
            optional=True,
        ),
        Question(
            REMEMBER,
            N_(
                "Để nhắc, cần lưu (mã hoá) các điều vừa trả lời, chỉ dùng để tính lại và nhắc; "
                "thôi nhắc là xoá. Ông/bà đồng ý không?"
            ),
            answers.yes_no,
            choices=lambda _: (
                Choice("yes", N_("✅ Đồng ý")),
                Choice("no", N_("Không")),
            ),
        ),
    )
}  # fmt: skip

FLOW = Flow(
    NAME,
    (
        Question(
            "whom",
            N_("Ông/bà muốn kiểm tra trợ cấp **cho ai**?"),
            _whom,
            choices=lambda _: WHOM,
        ),
        Question(
            "relation",
            N_("Người đó là ai của ông/bà?"),
            relation,
            when=lambda v: v["whom"] == "relative",
            choices=lambda _: RELATIONS,
        ),
        Question(
            "members",
            N_(
                "Nhà có những ai? Gõ từng người và năm sinh (hoặc tuổi), ví dụ: "
                "tôi 1985, vợ 1987, con 2016, mẹ 76 tuổi."
            ),
            answers.Plain(readers.household, only_a_household),
            when=lambda v: v["whom"] == "household",
        ),
        Question(
            "died",
            N_("Người đó mất ngày nào? (ví dụ 20/11/2026)"),
            readers.died,
            when=lambda v: v["whom"] == "deceased",
            choices=lambda _: (Choice("today", N_("Hôm nay")),),
        ),
    ),
    named=named,
    further=further,
)
