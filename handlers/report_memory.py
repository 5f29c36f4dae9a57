"""What free sentences have said: taken into a report, so that it is not asked again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers import answers, dialogue, sayings
from handlers.desk import Turn
from handlers.dialogue import BadAnswer
from handlers.i18n import N_
from handlers.report_questions import FLOW
from handlers.understand import Meaning, kinds
from handlers.villages import key as village_key
from handlers.vocabulary import EMERGENCY, VULNERABLE
from models import phone as phones
from models import places

MOST = 40  # sentences kept of one report


def remember(turn: Turn, text: str, meaning: Meaning) -> None:
    """Take along what a free sentence said; what was answered before is not overwritten."""
    draft = turn.draft
    if len(text.split()) > 1:
        keep_words(turn, text)
    known = meaning.facts
    before = str(draft.get("kinds", "")).split(",") if draft.get("kinds") else []
    # a first telling may be guessed at and is corrected; a later word adds nothing by a guess
    if found := kinds(meaning, ruled=before not in ([], [EMERGENCY.id])):
        new = [kind for kind in found if kind != "other" or not before]  # «other» adds nothing
        draft["kinds"] = ",".join(dict.fromkeys([*before, *new]))
        draft["_several"] = True  # whoever tells it in words has told the rest as well
    if meaning.danger:
        draft["danger"] = "yes"
        draft.pop("_denied", None)
        draft.setdefault("kinds", EMERGENCY.id)
    if known.get("place") is None and known.get("place_text"):
        draft["_place_said"] = known["place_text"]
    if known.get("place_perhaps"):
        draft["_perhaps"] = known["place_perhaps"]
    groups = (f"{one.id}={known[one.id]}" for one in VULNERABLE if known.get(one.id))
    said: dict[str, object] = {
        "commune": known.get("place"),
        "village": known.get("village"),
        "people": known.get("persons"),
        "poverty": known.get("poverty"),
        "cause": known.get("cause"),
        "phone": known.get("phone"),
        "happened": known.get("date"),
        "vulnerable": ",".join(groups),
    }
    for key, value in said.items():
        if value and key not in draft:
            _fill_in(draft, key, str(value))


def keep_words(turn: Turn, text: str) -> None:
    draft = turn.draft
    draft["_words"] = [*draft.get("_words", ()), text][-MOST:]
    draft["_said_in"] = {**draft.get("_said_in", {}), turn.said.message_id: text}


def _fill_in(draft: dict[str, Any], key: str, value: str) -> None:
    question = FLOW.question(key)
    if question is None:
        return
    try:
        draft[key] = str(question.read(value))
    except BadAnswer:
        return


_AROUND_NUMBER = re.compile(
    r"(?:(?:da|so|sdt|dt|dien thoai|may|la|cua|goi|lien he|toi|tui|em|minh|con|chau|day|nay|a|nha"
    r"|nhe|qua|theo)(?: |$))*"
)


def no_place(turn: Turn, question_id: str, text: str) -> bool:
    """A telephone number, a yes or a no where a place or a name is asked: not taken for one.

    The number is kept; the question is asked again.
    """
    if question_id not in ("village", "address", "head"):
        return False
    number = phones.find(text) or phones.normalise(text)
    if number and _AROUND_NUMBER.fullmatch(sayings.folded(re.sub(r"[\d.+()-]", " ", text))):
        turn.draft["phone"] = number
        turn.lead = turn.t(N_("Dạ, đã ghi số điện thoại {phone}."), phone=phones.shown(number))
    elif (
        question_id != "head"
        and not _listed(turn, text)
        and (sayings.yes(text) or sayings.no(text))
    ):
        turn.lead = turn.t(
            N_("Dạ, «{text}» chưa phải tên nơi nào. Không rõ thì bấm «Bỏ qua»."), text=text[:40]
        )
    else:
        return False
    turn.asks = True
    return True


def _listed(turn: Turn, text: str) -> bool:
    return village_key(text) in {village_key(name) for name in turn.draft.get("_villages", ())}


def offer_places(turn: Turn) -> None:
    """When the commune is asked: propose what a name or a position said before may mean."""
    step = dialogue.look(FLOW, turn.draft)
    if step.question is None or step.question.id != "commune":
        return
    position = turn.draft.get("_position")
    said = turn.draft.pop("_place_said", None)
    where = said or (f"geo:{position[0]},{position[1]}" if position else None)
    perhaps = str(turn.draft.pop("_perhaps", ""))
    if turn.draft.get("_offer"):
        return
    if where is not None:
        try:
            turn.draft["commune"] = answers.place(str(where))
        except BadAnswer as several:
            _offer(turn, [(one.id, one.label) for one in several.offer])
    elif perhaps:
        codes = [one for one in perhaps.split(",") if one in places.COMMUNES]
        _offer(turn, [(one, places.COMMUNES[one].name) for one in codes])


def _offer(turn: Turn, found: Sequence[tuple[str, str]]) -> None:
    if found:
        turn.draft["_offer"] = [list(one) for one in found]
        heading = turn.t(N_("Dạ, có phải một trong các nơi này không ạ?"))
        turn.lead = "\n\n".join(part for part in (turn.lead, heading) if part)
