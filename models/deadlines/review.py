"""What a person must confirm before the deadlines can be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path

from models.deadlines import ladder_file, promises, schema, yaml_file


@dataclass(frozen=True, slots=True)
class Unsure:
    """One value in a data file that nobody has confirmed yet; ``confirm`` is Vietnamese."""

    file: str
    key: str
    value: str
    confirm: str


def unsure(folder: Path = yaml_file.DATA) -> list[Unsure]:
    """List unconfirmed values of the deadline files, and where the calendar stops being known.

    Raises:
        BadFile: one of the files cannot be used.
    """
    days = yaml_file.read(folder / "holidays.yaml", schema.Holidays)
    time = yaml_file.read(folder / "working_time.yaml", schema.WorkingTime)
    ladder_file.read(folder)
    library = installed("holidays")
    found = [
        Unsure("holidays.yaml", f"changes.{change.id}", _days(change), change.confirm)
        for change in days.changes
        if change.certainty == "unsure"
    ]
    found.append(
        Unsure(
            "holidays.yaml",
            "known_to",
            f"{days.known_to}",
            "Ngày nghỉ Tết và hoán đổi sau ngày này chưa công bố; cập nhật khi có thông báo",
        )
    )
    if days.library != library:
        found.append(
            Unsure(
                "holidays.yaml",
                "library",
                f"{days.library} (đang cài {library})",
                "Thư viện ngày nghỉ đã đổi: đối chiếu lại các mục trong changes",
            )
        )
    weeks = [("versions", week) for week in time.versions]
    weeks += [(f"communes.{code}", week) for code, own in time.communes.items() for week in own]
    found += [
        Unsure("working_time.yaml", f"{key}.{week.since}", _shifts(week), week.confirm)
        for key, week in weeks
        if week.certainty == "unsure"
    ]
    found += [
        Unsure("promises.yaml", f"versions.{version.since}", version.source, version.confirm)
        for version in promises.read(folder).versions
        if version.certainty == "unsure"
    ]
    return found


def _days(change: schema.Change) -> str:
    return "; ".join(
        f"{word} {', '.join(map(str, days))}"
        for word, days in (("rest", change.rest), ("work", change.work))
        if days
    )


def _shifts(week: schema.Week) -> str:
    return ", ".join(
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        for start, end in week.make_up
    )
