"""Which texts of the law files people read in chat: for ``make texts``.

Questions, their choices and titles are translated.  Conditions, papers and articles are the law's
own words and stay Vietnamese.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

import yaml

Found = tuple[int, str | None, str, list[str]]


def extract(
    file: BinaryIO,
    keywords: Collection[str],
    comments: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """A Babel extractor for ``models/benefits/*.yaml``."""
    del keywords, comments, options
    read = yaml.safe_load(file)
    for entry in read if isinstance(read, list) else [read]:
        texts = [entry.get(key) for key in ("ask", "ask_of_death", "title")]
        texts += entry.get("choices", {}).values()
        yield from ((1, None, text, []) for text in texts if text)
