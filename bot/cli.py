"""Commands for operators.  Exit status: 0 done, 1 problems found, 2 misuse."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import signal
import sys
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from sqlalchemy import delete, insert

from bot import clock, database, logs, story
from bot import talk as talking
from bot.app import prepared, running
from bot.rotation import rotate
from bot.settings import Settings
from bot.zalo_config import BadSetting
from handlers.officer.invite import VALID, create
from handlers.understand import understand
from models import audit, occasions, storm_rules, topics, vault, village_rules
from models.deadlines import review
from models.people import Role, Village
from models.places import COMMUNES

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@cli.callback()
def configured() -> None:
    """Commands print their results on standard output; what is logged goes to standard error."""
    logs.configure("console", quiet=True)


ROLES = ("web", "worker")


class As(StrEnum):
    CITIZEN = "citizen"
    VILLAGE_HEAD = "village_head"
    OFFICER = "officer"
    LEADER = "leader"
    PROVINCE = "province"


@cli.command()
def run(
    roles: Annotated[str, typer.Option(help="what this process does: web,worker")] = "web,worker",
    *,
    demo: Annotated[bool, typer.Option(help="demonstration people, as DEMO=true")] = False,
) -> None:
    """Serve until interrupted.  Any number of processes may run on one database."""
    wanted = frozenset(one.strip() for one in roles.split(","))
    if not wanted <= set(ROLES):
        raise typer.BadParameter(f"roles are {', '.join(ROLES)}", param_hint="--roles")
    settings = Settings()
    if demo:
        settings = settings.model_copy(update={"demo": True})
    logs.configure(settings.log_format)
    uvloop.run(_serve(settings, wanted))


async def _serve(settings: Settings, roles: frozenset[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with prepared(settings) as app, running(app, roles):
        if "web" in roles:
            print(f"http://{settings.web_host}:{settings.web_port}/", flush=True)
        await stop.wait()


@cli.command()
def talk(who: Annotated[As, typer.Option("--as", help="who is talking")] = As.CITIZEN) -> None:
    """Talk to the service in the terminal; lines from a pipe are said one after another."""
    settings = Settings().model_copy(update={"demo": True})
    logs.configure(settings.log_format, quiet=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(talking.talk(settings, who.value))


@cli.command()
def demo() -> None:
    """Play the whole story by itself: a citizen reports, an officer answers."""
    logs.configure("console", quiet=True)
    asyncio.run(story.play())


@cli.command()
def migrate(revision: Annotated[str, typer.Argument()] = "head") -> None:
    """Bring the tables of DATABASE_URL (or the embedded server) to a revision."""
    asyncio.run(_migrate(revision))


async def _migrate(revision: str) -> None:
    settings = Settings()
    with database.at(settings.database_url.get_secret_value(), settings.data_dir) as url:
        await database.migrate(url, revision)
        await database.check(url)


@cli.command()
def invite(
    role: Annotated[Role, typer.Option(help="the role to give")],
    commune: Annotated[str, typer.Option(help="code of the commune, e.g. 21109")] = "",
    village: Annotated[list[str] | None, typer.Option(help="for village heads")] = None,
) -> None:
    """Make the first invitation; its code is shown once and works once."""
    if role != Role.PROVINCE and commune not in COMMUNES:
        raise typer.BadParameter(f"unknown commune {commune!r}", param_hint="--commune")
    print(asyncio.run(_invite(role, commune or None, tuple(village or ()))))


async def _invite(role: Role, commune: str | None, villages: tuple[str, ...]) -> str:
    async with prepared(Settings()) as app, app.engine.begin() as db:
        now = clock.now()
        code = await create(
            db, role=role, commune=commune, villages=villages, invited_by=None, now=now
        )
        await audit.write(
            db,
            at=now,
            person_id=None,
            role="operator",
            action=f"invite_{role.value}",
            commune=commune,
            facts={"days": VALID.days},
        )
    return f"{code}\n/start {code}"


@cli.command("check-rules")
def check_rules() -> None:
    """Load every data file of law and promises; list what is wrong and what is unsure."""
    from models.benefits import doors  # noqa: PLC0415 - slow to load, needed here only

    problems = doors.check()
    for problem in problems:
        print(problem, file=sys.stderr)
    files = (review, village_rules, storm_rules, occasions, topics)
    for promise in (one for file in files for one in file.unsure()):
        print(f"unsure: {promise.file}: {promise.key} = {promise.value}: {promise.confirm}")
    for rule in doors.unsure():
        print(f"unsure [{rule.mark}] {rule.file}: {rule.key}: {rule.value}: {rule.confirm}")
    print("not in the files: days the province changed or added in chat; /lich shows them")
    raise typer.Exit(1 if problems else 0)


@cli.command()
def explain(day: Annotated[str, typer.Option(help="the day, 2025-08-01")] = "") -> None:
    """Print the rules in force on a day, for a lawyer to read."""
    from models.benefits import doors  # noqa: PLC0415 - slow to load, needed here only

    print(doors.explain_day(date.fromisoformat(day) if day else clock.now().date()))


@cli.command()
def decide(
    *,
    facts: Annotated[
        bool, typer.Option("--facts", help="list the facts that can be told")
    ] = False,
) -> None:
    """Read cases as JSON (one, or one a line) and print what the law says to each."""
    from models.benefits import doors  # noqa: PLC0415 - slow to load, needed here only
    from models.benefits.facts import BadCase  # noqa: PLC0415

    if facts:
        print(json.dumps(doors.facts_vocabulary(), ensure_ascii=False, indent=1))
        return
    bad = 0
    for case in _cases(sys.stdin.read()):
        try:
            answer = doors.decide_json(case)
        except BadCase as problem:
            answer, bad = {"error": str(problem)}, bad + 1
        print(json.dumps(answer, ensure_ascii=False))
    raise typer.Exit(1 if bad else 0)


def _cases(text: str) -> list[object]:
    """One JSON object, a list of them, or one a line; a line that is no JSON stays a text."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return [_line(line) for line in text.splitlines() if line.strip()]
    return whole if isinstance(whole, list) else [whole]


def _line(line: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return line


@cli.command("understand")
def understand_lines() -> None:
    """Read messages, one a line, and print what each is taken to mean, as one line of JSON."""
    for line in sys.stdin.buffer:  # a message may hold any bytes, and \r, \x85, \u2028
        meaning = understand(line.decode("utf-8", "replace").rstrip("\r\n"))
        print(json.dumps(asdict(meaning), ensure_ascii=False, default=str))


@cli.command("import-villages")
def import_villages(
    file: Annotated[Path, typer.Argument(help="CSV: commune code, village")],
) -> None:
    """Replace the village lists of the communes named in a file."""
    rows: dict[str, set[str]] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), 1):
            code, village = [*row, "", ""][:2]
            if code.strip() not in COMMUNES or not village.strip():
                if number > 1:  # the first line may be a heading
                    print(f"{file}:{number}: unknown commune or no village", file=sys.stderr)
                    raise typer.Exit(2)
                continue
            rows.setdefault(code.strip(), set()).add(" ".join(village.split()))
    count = asyncio.run(_import_villages(rows))
    print(f"{count} villages in {len(rows)} communes")


async def _import_villages(rows: dict[str, set[str]]) -> int:
    async with prepared(Settings()) as app, app.engine.begin() as db:
        for commune, names in rows.items():
            await db.execute(delete(Village).where(Village.commune == commune))
            await db.execute(
                insert(Village), [{"commune": commune, "name": name} for name in sorted(names)]
            )
    return sum(len(names) for names in rows.values())


@cli.command("zalo-login")
def zalo_login() -> None:
    """Get the tokens of the Official Account by a consent in a browser; reads one line."""
    from bot.zalo_login import login  # noqa: PLC0415 - slow to load, needed here only

    try:
        done = asyncio.run(login(Settings(), input, lambda line: print(line, flush=True)))
    except BadSetting as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(2) from problem
    raise typer.Exit(0 if done else 1)


@cli.command("check-audit")
def check_audit() -> None:
    """Walk the chain of the log of staff actions; exit 1 if an entry was changed or removed."""
    broken = asyncio.run(_check_audit())
    print("ok" if broken is None else f"broken at entry {broken}")
    raise typer.Exit(0 if broken is None else 1)


async def _check_audit() -> int | None:
    async with prepared(Settings()) as app, app.engine.connect() as db:
        return await audit.broken_at(db)


@cli.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything again with the first key of ENCRYPTION_KEY."""
    print(f"{asyncio.run(_rotate())} values sealed again")


async def _rotate() -> int:
    async with prepared(Settings()) as app:
        return await rotate(app.engine, vault.current(), app.store)
