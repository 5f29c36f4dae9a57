"""Every kind of document and picture that can be made; ``handlers/papers.py`` says how."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.owncopy import own_data
from handlers.papers import Maker

MAKERS: Mapping[str, Maker] = {"own_data": own_data}
