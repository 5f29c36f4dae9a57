"""Whether a field of a line is somebody's name, and where a name ends."""

from __future__ import annotations

import re

from handlers.lists import damage
from handlers.lists.facts import GROUP, PEOPLE, POVERTY
from handlers.lists.line import flat
from handlers.lists.words import either, load
from models import names

PLACE = re.compile(rf"^(?:o |tai )?{either(load()['place'])}(?![a-z])")
_NO_NAME = frozenset(load()["no_name"])
_NO_NAME_PLAIN = frozenset(load()["no_name_plain"])
_TITLED = frozenset(["ong", "ba", "anh", "chi", "co", "chu", "bac", "cu"])
_BEGINS = re.compile(r"(?<![a-z])(?:nha|bi|o|tai|thon|xom|gan|co|ho)(?![a-z])")
_RELATION = re.compile(
    r"^(?:vợ|vo|chồng|chong|con|con trai|con gai|con gái|mẹ|me|cha|ba|bố|cháu|chau|dâu|rể)[ :]+"
    r"(?:là |la |tên |ten |ông |bà )?(?!thị|thi|văn|van)(?=[^\W\d_]+ [^\W\d_]+)"
)


def is_name(part: str, *, firm: bool = False) -> bool:
    """Whether a field is nothing but somebody's name.

    ``firm``: with a surname everybody knows, not merely with a title («bà Sáu»).
    """
    bare = re.sub(r"[(\[«\"“].*", "", part).strip()
    said = flat(bare).strip(" .,-:")
    if not said or re.search(r"\d", said) or PLACE.match(said) or _RELATION.match(bare.lower()):
        return False
    plain = names.without_title(said)
    words = re.findall(r"[a-z]+", plain)
    named = bool(words) and words[0] in names.SURNAMES
    if named and len(words) in {3, 4} and words[1] in {"van", "thi"}:
        return len(words) == 3 or not _tells_more(bare, words[3:])
    if not words or len(words) > 6 or _tells_more(bare, words[1:]):
        return False
    titled = plain != said or said.split()[0] in _TITLED
    if named and len(words) >= 2:
        return titled or not _all_facts(said)
    return not firm and _maybe_name(bare, words, titled=titled)


def _maybe_name(bare: str, words: list[str], *, titled: bool) -> bool:
    """Without a surname everybody knows: «bà Sáu», or a few words with capitals."""
    plain = " ".join(words)
    if titled and words[0] not in _NO_NAME_PLAIN:
        return len(words) <= 3 and not damage.find(plain)[0]
    capitals = all(word[:1].isupper() for word in re.findall(r"[^\W\d_]+", bare))
    return capitals and 2 <= len(words) <= 4 and not _all_facts(plain) and not bare.isupper()


def _tells_more(bare: str, words: list[str]) -> bool:
    """Whether words stand in it that no name has."""
    if bare.isascii():
        return bool(_NO_NAME_PLAIN & set(words))
    return bool(_NO_NAME & {one.lower() for one in re.findall(r"[^\W\d_]+", bare)[1:]})


def _all_facts(said: str) -> bool:
    """Whether words that could be a name are rather what happened: «do nha», «mat mua»."""
    kinds, left = damage.find(said)
    return bool(kinds) and len(re.findall(r"[a-z]+", left)) < 2


def name_first(part: str) -> tuple[str, str]:
    """Cut «Nguyen Van A 4 khau toc mai» after the name."""
    said = flat(part)
    plain = names.without_title(said.strip())
    lead = len(said) - len(said.lstrip()) + len(said.strip()) - len(plain)
    titled = lead > len(said) - len(said.lstrip())
    words = list(re.finditer(r"[a-z]+", said[lead:]))
    if not words or words[0].start() or (words[0][0] not in names.SURNAMES and not titled):
        return "", part
    least = 2 if words[0][0] in names.SURNAMES else 1
    if len(words) <= least:
        return "", part
    start = lead + words[least - 1].end()
    stop = min(
        (found.start() + start for found in _stops(said[start:])), default=lead + words[-1].end()
    )
    ends = [lead + word.end() for word in words if lead + word.end() <= stop][:5]
    if len(ends) < least or stop == lead + words[-1].end():
        return "", part
    nick = re.match(r"\s*[(\[][^)\]]*[)\]]", part[ends[-1] :])
    cut = ends[-1] + (nick.end() if nick else 0)
    return part[:cut], part[cut:]


def _stops(said: str) -> list[re.Match[str]]:
    """Where facts begin in words that may start with the rest of a name."""
    rules = [re.compile(r"[\d(\[]"), PEOPLE, *GROUP.values(), *(rule for _, rule in POVERTY)]
    rules += [rule for _, rule in damage.RULES]
    rules.append(_BEGINS)
    return [found for rule in rules if (found := rule.search(said))]


def tidy(name: str) -> str:
    """A name as it goes into the case: «nguyễn văn a» and «NGUYỄN VĂN A» with capitals."""
    said = " ".join(re.sub(r"^[\s.,:-]+|[\s.,:-]+$", "", name).split())
    return said.title() if said.islower() or said.isupper() else said
