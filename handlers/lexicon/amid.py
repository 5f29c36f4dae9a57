"""Danger told in one sentence of a long message about other things.

The whole of such a message is like no message of danger, and what it says of last year or of the
hospital belongs to another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.lexicon import learnt, weighing
from handlers.lexicon.meanings import DANGER, is_over
from handlers.lexicon.reading import Reading, reading
from handlers.lexicon.urgency import goes_on, is_past
from models import text as spelling

_LONG = 25  # words
_PIECE = 8  # words; a sentence of clauses is read by pieces of at least so many
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+|\n+")
_CLAUSE = re.compile(r"(?<=,)\s+")


def is_long(read: Reading) -> bool:
    return len(read.spelled.split()) >= _LONG


def danger_amid(text: str, read: Reading, label: str) -> str:
    """The label of the sentence that tells of danger now, if one does.

    Looked for where a rule hears danger in the message, or its ``label`` is one of danger.
    """
    likely = label in DANGER
    if not is_long(read) or not (likely or _heard(read)):
        return ""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    for at, sentence in enumerate(sentences):
        if is_over(_words(" ".join(sentences[at + 1 :]))):
            continue
        pieces = list(_pieces(sentence))
        past = len(pieces) > 1 and _is_past(_words(sentence))
        for piece in pieces if not past else ():
            part = reading(piece)
            if (likely or _heard(part)) and (told := _danger(part)):
                return told
    return ""


def _words(text: str) -> str:
    return spelling.toned_words(text)


def _heard(read: Reading) -> bool:
    return any(hit.name in DANGER and hit.weight > 1 for hit in read.hits)


def _is_past(words: str) -> bool:
    return is_past(words) and not goes_on(words)


def _pieces(sentence: str) -> Iterator[str]:
    if len(sentence.split()) < _LONG:
        yield sentence
        return
    piece = ""
    for clause in _CLAUSE.split(sentence):
        piece = f"{piece} {clause}".strip()
        if len(piece.split()) >= _PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _danger(part: Reading) -> str:
    opinion = learnt.opinion(part)
    ranked = weighing.ranked(part.hits, opinion, {})
    label, urgency = weighing.judged(ranked, part.hits, part.literal, opinion)
    return label if urgency == "sos" else ""
