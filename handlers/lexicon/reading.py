"""One message read by the rules: its words, its figures of speech, what the patterns find."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.lexicon.meanings import Hit, choose, says, without_figures
from handlers.lexicon.placed import quiet
from handlers.lexicon.respell import read
from models import text as spelling

# Turns that say something of every meaning: asked about, past, over, calling for help …
_TURNS = (
    "asks", "past", "done", "if", "happened", "entitled", "settled", "calling", "critical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    spelled: str
    words: str  # each word with its tone as a letter, see ``toned_words``
    literal: str  # the same without figures of speech
    figures: tuple[str, ...]
    hits: tuple[Hit, ...]  # first the meaning that the rules would answer
    exact: bool  # whether a word without a mark is meant without

    @property
    def signs(self) -> tuple[str, ...]:
        """What the rules find, by name: as telling as words."""
        turns = (f"%{name}" for name in _TURNS if says(name, self.literal))
        return (*(f"!{hit.name}" for hit in self.hits), *turns)


def reading(text: str) -> Reading:
    spelled = read(quiet(text))
    exact = spelling.well_marked(spelled)
    words = spelling.toned_words(spelled, exact=exact)
    literal, figures = without_figures(words)
    asked = "?" in text
    hits = choose(literal, asked=asked, exact=exact)
    if exact and not any(hit.weight > 2 for hit in hits):  # marks left out here and there
        loose, _ = without_figures(spelling.toned_words(spelled))
        hits = choose(loose, asked=asked, exact=False) or hits
    return Reading(spelled, words, literal, figures, tuple(hits), exact)
