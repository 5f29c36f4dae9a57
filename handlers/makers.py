"""Every kind of document and picture that can be made; ``handlers/papers.py`` says how."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import listpaper
from handlers.broadcasts import picture
from handlers.lists import template
from handlers.owncopy import own_data
from handlers.papers import Maker

MAKERS: Mapping[str, Maker] = {
    "list_paper": listpaper.make,
    "list_template": template.make,
    "own_data": own_data,
    "broadcast_picture": picture.maker,
}
