"""What a message means: rules over a lexicon, so that every answer can say why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers import lexicon
from handlers.lexicon.facts import facts
from models import text as spelling

_LONGEST = 1500  # characters looked at: a list of many households is pasted elsewhere
_FILLER = "(?: (?:co|ai|bi|he|nguoi|nao|toi|den|noi|muc|phai|thay|nha|dang|duoc)){0,3}"


@dataclass(frozen=True, slots=True)
class Meaning:
    label: str
    also: tuple[str, ...]
    urgency: str  # sos, high, normal, low or none
    danger: bool  # life at risk now: numbers to call come first
    child: bool  # a child is concerned: 111 as well
    facts: Mapping[str, object]
    alternatives: tuple[str, ...]  # the likeliest meanings when not sure
    sure: bool
    because: tuple[str, ...]  # the words that decided


@dataclass(frozen=True, slots=True)
class _Hit:
    label: lexicon.Label
    weight: int
    words: str
    start: int


_REPORTS = {
    "crisis": "emergency", "child_abuse": "violence", "domestic_violence": "violence",
    "missing": "death_missing", "rescue": "emergency", "isolated": "emergency",
    "medical_emergency": "emergency", "house_fire": "emergency", "death": "death_missing",
    "traffic_accident": "injury", "work_accident": "injury", "injury": "injury",
    "child_lost_parents": "child_alone", "abandoned_child": "child_alone",
    "house_destroyed": "house_destroyed", "house_damaged": "house_damaged",
    "evacuation_need": "evacuation", "flooded": "other", "food_shortage": "hunger",
    "essentials": "other", "crop_loss": "livelihood", "livestock_loss": "livelihood",
    "livelihood_loss": "livelihood", "homeless": "other", "illness_hardship": "other",
    "other_hardship": "other",
}  # fmt: skip
REPORT_LABELS: frozenset[str] = frozenset(_REPORTS)
# Always said first, even inside a question or beside anything else.
_DANGER = frozenset(
    {
        "crisis",
        "child_abuse",
        "missing",
        "rescue",
        "isolated",
        "medical_emergency",
        "house_fire",
        "domestic_violence",
    }
)
_CHILD = frozenset({"child_abuse", "child_lost_parents", "abandoned_child"})
_VIOLENCE = frozenset({"child_abuse", "domestic_violence"})
_ABOUT_A_CASE = frozenset(
    {"cancel", "correct_case", "update_case", "complaint", "place_clarify", "safe"}
)
# Too general to act upon without asking back.
_VAGUE: Mapping[str, tuple[str, ...]] = {
    "q_amount": ("q_elderly", "q_disability", "human"),
    "other_hardship": ("illness_hardship", "food_shortage", "q_poor_household"),
}
# Reports that a question about the benefit turns into that question.
_ASKED_ABOUT = {
    "q_house_support": {"house_destroyed", "house_damaged", "evacuation_need", "flooded", "house_fire"},
    "q_funeral": {"death", "traffic_accident"},
    "q_care": {"child_lost_parents", "abandoned_child", "illness_hardship"},
    "q_orphan": {"child_lost_parents", "abandoned_child", "death"},
}  # fmt: skip


def _scan(text: str, labels: Iterable[lexicon.Label], *, exact: bool) -> list[_Hit]:
    found = []
    for label in labels:
        strict = exact and label.name not in _DANGER
        if any(lexicon.pattern(one, exact=strict).search(text) for one in label.unless):
            continue
        for weight, source in label.patterns:
            hits = lexicon.pattern(source, exact=strict).finditer(text)
            taken_back = _taken_back if label.name in _REPORTS else _stands
            hit = next((one for one in hits if not taken_back(text, one)), None)
            if hit:
                found.append(_Hit(label, weight, hit[0].strip(), hit.start()))
                break
    return found


def _stands(_: str, __: re.Match[str]) -> bool:
    return False


def _taken_back(text: str, hit: re.Match[str]) -> bool:
    """«không sập», «chưa ai bị thương», «suýt chết đuối»."""
    before = spelling.fold(re.sub("[A-Z]", "", text[: hit.start()]))
    if before.endswith("cap") and hit[0].startswith(" cưu"):
        return True  # «cấp cứu» is no call for rescue
    return bool(_TAKEN_BACK.search(f" {before}"))


def _words(name: str) -> tuple[re.Pattern[str], ...]:
    return lexicon.compiled(lexicon.load_once("tone")[name])


def _says(name: str, text: str) -> bool:
    return any(one.search(text) for one in _words(name))


_TAKEN_BACK = re.compile(rf" (?:khong|chua|chang|suyt(?: nua)?|xem(?: chut)?|dau){_FILLER}$")


def _without_figures(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with figurative speech taken out, and what was taken."""
    taken: list[str] = []
    marked = lexicon.load_once("tone")["figurative_marked"]
    for pattern in (*_words("figurative"), *(lexicon.pattern(one, exact=True) for one in marked)):
        for found in pattern.finditer(text):
            taken.append(found[0].strip())
        text = pattern.sub(" ~", text)
    return text, tuple(taken)


def _urgency(label: str, text: str, also: Iterable[str]) -> str:
    if label == "unclear" and "chêtS" in text:
        return "high"  # an exclamation, or a death: ask at once
    names = {label, *also}
    base = {one.name: one.urgency for one in _all_labels()}
    urgency = base.get(label, "none")
    if names & {"crisis", "child_abuse"}:
        return "sos"
    over = (_says("done", text) or _says("past", text)) and not _says("going_on", text)
    if over and urgency in {"sos", "high"}:
        return "low" if label == "house_fire" and _says("done", text) else "normal"
    if label == "domestic_violence" and _now_violent(text):
        return "sos"
    if label == "house_fire" and _says("burnt_out", text) and "rescue" not in names:
        return "high"
    if label == "death":
        names.discard("rescue")
    if names & _DANGER and urgency != "none":
        levels = {base[name] for name in names & _DANGER}
        return "sos" if "sos" in levels else max(urgency, "high")
    if label in {"traffic_accident", "work_accident", "injury"}:
        if _says("settled", text):
            return "high" if label == "work_accident" else "normal"
        return "sos" if _says("critical", text) else urgency
    if label == "q_house_support" and _says("own", text):
        return "normal"
    return urgency


def _now_violent(text: str) -> bool:
    return bool(_NOW_VIOLENT.search(text))


_NOW_VIOLENT = lexicon.pattern(
    "(đang .. (đánh|đập|chém|rượt|dọa|đòi)|cầm (dao|rựa|búa|mã tấu)|dọa giết|đòi giết|bóp cổ|chém|cứu|chảy máu|giết)"
)


def _own_house(text: str) -> str:
    """«nhà ba tôi bị …» is about the house: leave the owner out."""
    return _OWNER.sub(r"\1\2", _HEADS.sub(r"\1", text))


# «20 con» of cattle is no child
_HEADS = re.compile(
    "(" + lexicon.pattern("<stock>").pattern + ")" + lexicon.pattern("N con").pattern
)
_OWNER = re.compile(
    "("
    + lexicon.pattern("nhà").pattern
    + ")"
    + lexicon.pattern(
        "(của)? (<person>|tụi|chúng|mình) (<person>|mình|N|ta|hai|ba|tư|năm|sáu|bảy|tám|út)?"
    ).pattern
    + "("
    + lexicon.pattern("(bị|sập|đổ|trôi|cháy|tốc|hư|ngập|lụt)").pattern
    + ")"
)


def _all_labels() -> tuple[lexicon.Label, ...]:
    return (*lexicon.labels("reports"), *lexicon.labels("questions"), *lexicon.labels("talk"))


def _choose(text: str, raw: str, *, exact: bool) -> list[_Hit]:
    """The meanings of a message, first the one to answer."""
    asks = "?" in raw or _says("asks", text)
    if_only = _says("if", text)
    reports = _scan(_own_house(text), lexicon.labels("reports"), exact=exact)
    questions = _scan(text, lexicon.labels("questions"), exact=exact)
    talk = _scan(text, lexicon.labels("talk"), exact=exact)
    firm = [hit for hit in reports if hit.weight > 1]
    danger = [hit for hit in firm if hit.label.name in _DANGER]
    topic = max(
        (hit for hit in questions), key=lambda hit: (hit.weight, hit.label.rank), default=None
    )
    over = _says("done", text) and not _says("going_on", text)
    happened = _says("happened", text) and not if_only

    def rank(hit: _Hit) -> float:
        name, value = hit.label.name, float(hit.label.rank) + 3 * hit.weight
        if name in _REPORTS:
            covered = topic and name in _ASKED_ABOUT.get(topic.label.name, ())
            if covered and asks and not (happened and name in _DANGER):
                value -= 200
            if (
                name == "rescue"
                and hit.weight < 3
                and any(one.label.name == "death" for one in firm)
            ):
                value -= 40  # carried away, and dead: nobody to rescue
            others = {one.label.name for one in firm}
            if name in {"medical_emergency", "rescue"} and others & {
                "traffic_accident",
                "work_accident",
            }:
                value -= 50 if hit.weight < 3 or name == "medical_emergency" else 0
            if name == "death" and "child_lost_parents" in others:
                value -= 20
            if over and name in _DANGER and "update_case" in {one.label.name for one in talk}:
                value -= 80
            if if_only and asks and topic:
                value -= 150
            if (
                topic
                and asks
                and name
                in {
                    "other_hardship",
                    "illness_hardship",
                    "child_lost_parents",
                    "death",
                    "injury",
                    "livelihood_loss",
                    "homeless",
                }
            ):
                value -= 150
            if topic and topic.weight > 2 and topic.label.rank > 70 and name == "other_hardship":
                value -= 150
        elif name.startswith("q_"):
            value += 0 if asks or not firm else -60
            if (
                firm
                and asks
                and name
                in {"q_amount", "q_contact", "q_documents", "q_poor_household", "q_elderly"}
            ):
                value -= 80
        elif name in {
            "spam",
            "cancel",
            "correct_case",
            "update_case",
            "privacy",
            "privacy_delete",
            "privacy_view",
            "privacy_withdraw",
            "complaint",
            "human",
        }:
            value += 30 if not danger else -40
        elif name in {"abuse"}:
            value += 40
        else:
            value -= 20
        return value

    hits = [*firm, *questions, *talk]
    return sorted(hits or reports, key=rank, reverse=True)


def understand(text: str) -> Meaning:
    """The meaning of one message of free text."""
    raw = text[:_LONGEST]
    spelled = spelling.spell(raw)
    exact = spelling.well_marked(spelled)
    words = spelling.toned_words(spelled, exact=exact)
    literal, figures = _without_figures(words)
    known = facts(raw, spelled, words)
    hits = _choose(literal, raw, exact=exact)
    if exact and not any(hit.weight > 2 for hit in hits):  # marks left out here and there
        loose, _ = _without_figures(spelling.toned_words(spelled))
        hits = _choose(loose, raw, exact=False) or hits
    if figures and not any(_serious(hit.label.name) for hit in hits):
        hits = []
    if not hits:
        return _nothing(known, figures)
    names = tuple(dict.fromkeys(hit.label.name for hit in hits))
    label, also = names[0], names[1:4]
    urgency = _urgency(label, literal, names[1:])
    danger = urgency == "sos"
    if label in _REPORTS and _says("unlivable", words):
        known["unlivable"] = True
    if label in _REPORTS and _says("burnt_down", words):
        known["burnt_down"] = True
    return Meaning(
        label=label,
        also=also,
        urgency=urgency,
        danger=danger,
        child=label in _CHILD or (danger and _says("child", words)),
        facts=known,
        alternatives=(others := _alternatives(hits, danger=danger)),
        sure=not others,
        because=tuple(dict.fromkeys(hit.words for hit in hits[:3])),
    )


def _serious(name: str) -> bool:
    return name in _REPORTS or name.startswith(("q_", "privacy")) or name in _ABOUT_A_CASE


def _alternatives(hits: list[_Hit], *, danger: bool) -> tuple[str, ...]:
    """What else it may be, when the words do not decide; danger is never put to a choice."""
    first = hits[0]
    names = list(dict.fromkeys(hit.label.name for hit in hits))
    if danger:
        return ()
    if first.label.name == "unclear":
        return ("death", "not_a_report") if "chêtS" in first.words else ()
    asked = first.label.name.startswith("q_")
    mixed = [
        hit.label.name
        for hit in hits[1:]
        if hit.weight > 2 and hit.label.name in _REPORTS and asked and hit.label.rank > 80
    ]
    if mixed:
        return (first.label.name, mixed[0])
    if first.weight > 2 and first.label.name not in _VAGUE:
        return ()
    others = [name for name in names[1:] if _serious(name)]
    return tuple((names[0], *(others or _VAGUE.get(names[0], ("human",))))[:3])


def _nothing(known: Mapping[str, object], figures: tuple[str, ...]) -> Meaning:
    if "code" in known:
        label = "q_status"
    elif figures:
        label = "not_a_report"
    else:
        label = "place_clarify" if "place_text" in known else "unclear"
    return Meaning(label, (), "none", False, False, known, (), label != "unclear", figures)  # noqa: FBT003


def kinds(meaning: Meaning) -> tuple[str, ...]:
    """The kinds of report a message opens; none when it is not a report."""
    if meaning.label not in _REPORTS:
        return ()
    found = ["emergency"] if meaning.danger and meaning.label not in _VIOLENCE else []
    for name in (meaning.label, *meaning.also):
        kind = _REPORTS.get(name)
        if name == "house_fire":
            kind = "house_destroyed" if meaning.facts.get("burnt_down") else "house_damaged"
        elif name == "house_damaged" and meaning.facts.get("unlivable"):
            kind = "house_damaged_unlivable"
        if kind and (kind != "emergency" or meaning.danger):
            found.append(kind)
    if "house_destroyed" in found:
        found = [kind for kind in found if not kind.startswith("house_damaged")]
    named = [kind for kind in found if kind != "other"]
    return tuple(dict.fromkeys(named or ["other"]))
