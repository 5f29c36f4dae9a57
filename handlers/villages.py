"""Names of villages as people type them: «thôn Phước Thiện», «Phuoc Thien», «TDP 2»."""

from __future__ import annotations

import re

from models.text import fold

_KIND = re.compile(
    r"^(?:thon|xom|to dan pho|tdp|to|khu dan cu|kdc|khu pho|khu|khoi pho|khoi|lang|plei|ban|ap)"
    r"(?: so)?[ .:]+"
)


def key(name: str) -> str:
    """What two spellings of one village share."""
    return _KIND.sub("", fold(name.partition(",")[0]).strip(" .")).strip()
