"""Which meanings a text has, and which of them comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from handlers import lexicon
from handlers.lexicon.cover import Index
from models import text as spelling

REPORTS = frozenset(label.name for label in lexicon.labels("reports"))
# Answered first whatever else is said.
DANGER = frozenset(
    {
        "crisis", "child_abuse", "missing", "rescue", "isolated", "medical_emergency",
        "house_fire", "domestic_violence",
    }
)  # fmt: skip
# A question about a benefit is no report of what it is paid for.
_ASKED_ABOUT = {
    "q_house_support": {
        "house_destroyed", "house_damaged", "evacuation_need", "flooded", "house_fire",
    },
    "q_funeral": {"death", "traffic_accident"},
    "q_care": {"child_lost_parents", "abandoned_child", "illness_hardship"},
    "q_single_parent": {"death", "child_lost_parents", "traffic_accident"},
    "q_orphan": {"child_lost_parents", "abandoned_child", "death", "traffic_accident"},
}  # fmt: skip
_SOFT = frozenset(
    {
        "other_hardship", "illness_hardship", "child_lost_parents", "death", "injury",
        "livelihood_loss", "homeless",
    }
)  # fmt: skip
_GENERAL = frozenset({"q_amount", "q_contact", "q_documents", "q_poor_household", "q_elderly"})
_WIDE = frozenset({"other_hardship", "q_amount", "unclear", "smalltalk"})
_PLAIN_SPOKEN = frozenset(
    {
        "spam", "cancel", "correct_case", "update_case", "privacy", "privacy_delete",
        "privacy_view", "privacy_withdraw", "complaint", "human",
    }
)  # fmt: skip
_ACCIDENTS = frozenset({"traffic_accident", "work_accident"})
_LOSSES = frozenset({"crop_loss", "livestock_loss", "livelihood_loss"})
_TOLD_AFTERWARDS = frozenset({"update_case", "cancel", "correct_case"})
_HOUSES = {"house_destroyed", "house_damaged"}
_A_HOUSE = "<house> !(nước (có|đền|hỗ trợ|chi|cho|trả|lo|cấp))"  # «nhà nước» is the state
_FILLER = "(?: (?:co|ai|bi|he|nguoi|nao|toi|den|noi|muc|phai|thay|nha|dang|duoc|can)){0,3}"
_TAKEN_BACK = re.compile(rf" (?:khong|chua|chang|suyt(?: nua)?|xem(?: chut)?|dau){_FILLER}$")


@dataclass(frozen=True, slots=True)
class Hit:
    name: str
    rank: int
    weight: int  # 3 sure, 2 likely, 1 hint
    words: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What the ranking looks at beside the single meaning."""

    found: frozenset[str]
    topic: Hit | None  # the subject asked about
    asks: bool
    if_only: bool  # «nếu nhà sập thì …»
    now: bool  # «… rồi», «cứu», «vừa»
    happened: bool
    over: bool
    calling: bool  # for rescue
    settled: bool  # in hospital already
    entitled: bool  # «… thì có được hưởng …»
    house: bool  # a house is mentioned


@cache
def _turns(name: str) -> tuple[list[str], Index]:
    sources = list(lexicon.load_once("tone")[name])
    return sources, Index(sources)


@lru_cache(maxsize=256)  # asked several times of the same message
def says(name: str, text: str) -> bool:
    """Whether a text has one of the turns of ``tone.yaml``."""
    sources, index = _turns(name)
    return any(lexicon.pattern(sources[at]).search(text) for at in index.near(text))


@lru_cache(maxsize=32)
def is_over(text: str) -> bool:
    """«dập được rồi», but neither «chưa dập được» nor «dập được rồi nhưng còn …»."""
    sources, index = _turns("done")
    found = (hit for at in index.near(text) for hit in lexicon.pattern(sources[at]).finditer(text))
    return any(not _taken_back(text, hit) for hit in found) and not says("going_on", text)


def without_figures(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with figurative speech taken out, and what was taken."""
    taken: list[str] = []
    for name, exact in (("figurative", False), ("figurative_marked", True)):
        text = _without(name, text, taken, exact=exact)
    return text, tuple(taken)


def _without(name: str, text: str, taken: list[str], *, exact: bool = False) -> str:
    sources, index = _turns(name)
    for pattern in [lexicon.pattern(sources[at], exact=exact) for at in index.near(text)]:
        taken.extend(found[0].strip() for found in pattern.finditer(text))
        text = pattern.sub(" ~", text)
    return text


def _joined(*sources: str) -> re.Pattern[str]:
    return re.compile("".join(f"({lexicon.pattern(one).pattern})" for one in sources))


# «nhà ba tôi bị …» is about the house; «20 con» of cattle are no children.
_OWNER = _joined(
    "nhà",
    "(của)? (<person>|tụi|chúng|mình) (<person>|mình|N|ta|hai|ba|tư|năm|sáu|bảy|tám|út)?",
    "(bị|sập|đổ|trôi|cháy|tốc|hư|ngập|lụt|ở)",
)
_HEADS = _joined("<stock>", "N con")
_HERD = _joined(
    "N con", "(bò|trâu|heo|lợn|gà|vịt|dê|nghé)", "(của (nhà|gia đình|hộ) (tôi|em|mình)?)?"
)


_BEAST = _joined("con", "(bò|trâu|heo|lợn|gà|vịt|dê|nghé|bê|chó|mèo|ngựa)")


def subjects(text: str) -> str:
    text = _BEAST.sub(r" đanF\2", text)
    text = _HERD.sub(r" đanF\2", _HEADS.sub(r"\1", text))
    return _OWNER.sub(r"\1\3", text)


def _taken_back(text: str, hit: re.Match[str]) -> bool:
    """«không sập», «chưa ai bị thương», «suýt chết đuối»; «cấp cứu» is no call for rescue."""
    before = " " + spelling.fold(re.sub("[A-Z]", "", text[: hit.start()]))
    if before.endswith((" cap", " nghien", " tra", " tru")) and hit[0].startswith(
        (" cưu", " cuu")
    ):
        return True
    return bool(_TAKEN_BACK.search(before))


@cache
def _patterns(name: str) -> tuple[list[tuple[lexicon.Label, int, str]], Index]:
    rows = [(one, weight, src) for one in lexicon.labels(name) for weight, src in one.patterns]
    return rows, Index([source for _, _, source in rows])


def _scan(text: str, name: str, *, exact: bool) -> list[Hit]:
    found: dict[str, Hit] = {}
    rows, index = _patterns(name)
    out: set[str] = set()
    for label, weight, source in map(rows.__getitem__, index.near(text)):
        if label.name in found or label.name in out:
            continue
        # People in distress leave marks out: danger is looked for without asking for them.
        strict = exact and label.name not in DANGER
        hits = lexicon.pattern(source, exact=strict).finditer(text)
        stands = (one for one in hits if label.name not in REPORTS or not _taken_back(text, one))
        if not (hit := next(stands, None)):
            continue
        if any(lexicon.pattern(one, exact=strict).search(text) for one in label.unless):
            out.add(label.name)
        else:
            found[label.name] = Hit(label.name, label.rank, weight, hit[0].strip())
    return list(found.values())


def _report_rank(hit: Hit, scene: Scene) -> int:
    name, topic = hit.name, scene.topic
    asked = topic.name if topic and scene.asks else ""
    off = 0
    if name in _ASKED_ABOUT.get(asked, ()) and not (scene.happened and name in DANGER):
        off += 200
    told = name in DANGER and hit.weight > 2 and scene.now  # «nước tới nóc rồi, lỡ trôi thì …»
    if scene.if_only and asked and not told:
        off += 150
    if asked and name in _SOFT:
        off += 150
    narrow = topic is not None and topic.rank > 70 and topic.weight > 2
    if narrow and scene.entitled and name not in DANGER and name not in _LOSSES:
        off += 100
    if narrow and name == "other_hardship":
        off += 150
    if topic and topic.name == "q_status" and name not in DANGER:
        off += 60
    return -off - _steps_back(hit, scene)


def _steps_back(hit: Hit, scene: Scene) -> int:
    """How far a meaning steps back behind what is said beside it."""
    name, off = hit.name, 0
    likely_rescue = name == "rescue" and hit.weight < 3
    if likely_rescue and "death" in scene.found:
        off += 40  # carried away, and dead
    hurt = (likely_rescue and not scene.calling) or name == "medical_emergency"
    if hurt and (scene.found & _ACCIDENTS or (scene.settled and "injury" in scene.found)):
        off += 70
    fields = _LOSSES if hit.weight < 3 else _LOSSES - {"livelihood_loss"}
    if name in {"flooded", "evacuation_need"} and scene.found & fields and not scene.house:
        off += 30  # the fields are under water, not the house
    if name == "flooded" and hit.weight < 3 and "essentials" in scene.found and not scene.house:
        off += 30
    if name == "death" and "child_lost_parents" in scene.found:
        off += 20
    if scene.over and name in DANGER and scene.found & _TOLD_AFTERWARDS:
        off += 80
    if scene.over and name in DANGER and "thanks" in scene.found:
        off += 200  # thanks for a rescue
    if scene.over and name in {"rescue", "isolated"} and scene.found & _HOUSES:
        off += 80  # the people got away, the house did not
    return off


def _question_rank(hit: Hit, scene: Scene, firm: list[Hit]) -> int:
    if not firm or (scene.if_only and scene.asks):
        return 0
    if hit.name == "q_status":
        return 0 if scene.asks or scene.found & {"update_case", "complaint"} else -20
    if not scene.asks:
        return -60
    return -80 if hit.name in _GENERAL else 0


def choose(text: str, *, asked: bool, exact: bool) -> list[Hit]:
    """The meanings of a message, first the one to answer."""
    reports = _scan(subjects(text), "reports", exact=exact)
    asking = _without("despair", text, [])
    questions = _scan(asking, "questions", exact=exact)
    talk = _scan(asking, "talk", exact=exact)
    firm = [hit for hit in reports if hit.weight > 1]
    if not [hit for hit in (*firm, *questions, *talk) if hit.name not in _WIDE]:
        firm += [hit for hit in reports if hit.weight == 1 and hit.name in DANGER]
    endangered = any(hit.name in DANGER for hit in firm)
    if_only = says("if", text) and not (says("going_on", text) or says("turned", text))
    now = says("happened", text)
    scene = Scene(
        found=frozenset(hit.name for hit in (*firm, *talk)),
        topic=max(questions, key=lambda hit: (hit.weight, hit.rank), default=None),
        asks=asked or says("asks", asking),
        if_only=if_only,
        now=now,
        happened=now and not if_only,
        over=is_over(text),
        calling=says("calling", text),
        settled=says("settled", text),
        entitled=says("entitled", text),
        house=bool(lexicon.pattern(_A_HOUSE).search(text)),
    )

    def value(hit: Hit) -> int:
        base = hit.rank + 3 * hit.weight
        if hit.name in REPORTS:
            return base + _report_rank(hit, scene)
        if hit.name.startswith("q_"):
            return base + _question_rank(hit, scene, firm)
        if hit.name in _PLAIN_SPOKEN and hit.weight > 1:
            return base + (30 if not endangered or scene.over else -40)
        if hit.name == "help" and "cach" in spelling.fold(hit.words) and not endangered:
            return base + 40  # «chỉ em cách báo nhà hư»
        if hit.weight == 1 and "thanks" in scene.found:
            return 0  # «nhận được gạo rồi, cảm ơn»
        return base + (40 if hit.name == "abuse" else -20)

    return sorted([*firm, *questions, *talk] or reports, key=value, reverse=True)
