"""A case code at the beginning of what follows a command, in any spelling, and the words after."""

from __future__ import annotations

from models import codes


def split(argument: str) -> tuple[codes.Found | None, str]:
    """Read ``qn 7k3m 9 lý do`` or ``7K3M-9: lý do``: the code as found, and «lý do».

    A code that agrees with its check character wins over one that does not.
    """
    words = argument.split()
    readings = []
    for length in range(1, min(3, len(words)) + 1):
        found = codes.read(" ".join(words[:length]).strip(":,;.()«»\"'"))
        if found is not None:
            readings.append((found, argument.split(maxsplit=length)[length:]))
    good = [one for one in readings if one[0].code is not None]
    for found, rest in good or readings:
        return found, "".join(rest).lstrip(" :,-–\n")
    return codes.find(argument), argument.strip()
