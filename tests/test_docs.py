"""What the documents say is true, where a machine can tell."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.cli import cli
from bot.settings import Settings
from handlers.registry import COMMANDS

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs" / "huong-dan").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = {name.upper() for name in Settings.model_fields}
MADE_UP = {"ghichu"}  # the example of docs/tasks/add-a-command.md


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def example() -> dict[str, str]:
    """The settings of .env.example, as written."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def rows(text: str) -> Iterator[tuple[str, str, str]]:
    """Rows of a table of settings: name, default, explanation."""
    for line in text.splitlines():
        found = re.fullmatch(r"\| `([A-Z_]+)` \| (?:`([^`]*)` )?\| (.+) \|", line)
        if found:
            yield found[1], found[2] or "", found[3]


@pytest.fixture
def bare(monkeypatch):
    """An environment without settings of ours."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_env_example_has_every_setting_once():
    written = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(written) == sorted(NAMES)


@pytest.mark.usefixtures("bare")
def test_env_example_shows_the_defaults():
    shown = Settings(_env_file=ROOT / ".env.example")
    assert shown == Settings(_env_file=None)


def test_env_example_explains_every_setting():
    text = (ROOT / ".env.example").read_text("utf-8")
    for block in re.split(r"\n\n+", text):
        if re.search(r"^[A-Z_]+=", block, re.MULTILINE):
            assert block.startswith("# "), block


def test_the_readme_lists_every_setting_with_its_default():
    listed = {name: default for name, default, _ in rows((ROOT / "README.md").read_text("utf-8"))}
    assert listed == example()


def links() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        targets = re.findall(r"\]\(([^)\s]+)\)", text)
        found += [(named(page), one) for one in targets if not re.match(r"[a-z]+:|#", one)]
    return sorted(set(found))


@pytest.mark.parametrize(("page", "target"), links())
def test_links_lead_somewhere(page, target):
    path = (ROOT / page).parent / target.partition("#")[0]
    assert path.exists(), f"{page} links to {target}"


@cache
def commands_in(page: Path) -> frozenset[str]:
    """Chat commands a page names: ``/nhan``, ``/nhan QN-7K3M-9``."""
    return frozenset(re.findall(r"`/([a-z]+)(?=[ `])", page.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_named_exist(page):
    known = {name for command in COMMANDS for name in (command.name, command.alias)}
    assert commands_in(page) <= known | MADE_UP


def test_a_name_means_one_command():
    names = [name for command in COMMANDS for name in {command.name, command.alias}]
    words = [word for command in COMMANDS for word in command.words]
    assert len(names) == len(set(names))
    assert len(words) == len(set(words))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_commands_of_staff_and_menus_are_in_a_guide(command):
    if command.roles is not None or command.shown:
        assert any(command.name in commands_in(guide) for guide in GUIDES)


def test_every_role_has_a_guide_with_a_picture():
    roles = {"nguoi-dan", "truong-thon", "can-bo-xa", "lanh-dao-xa", "cap-tinh", "van-hanh"}
    assert {guide.stem for guide in GUIDES} == roles
    for guide in GUIDES:
        assert "](../pictures/" in guide.read_text("utf-8"), guide.name


def test_every_picture_is_described():
    for page in PAGES:
        assert "![](" not in page.read_text("utf-8"), named(page)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_targets_named_exist(page):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = page.read_text("utf-8")
    for words in re.findall(r"(?:`|^)make ([a-z][a-z -]*)", text, re.MULTILINE):
        assert set(words.split()) <= set(targets), f"make {words}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_operator_commands_named_exist(page):
    known = {
        command.name or (command.callback.__name__ if command.callback else "")
        for command in cli.registered_commands
    }
    assert set(re.findall(r"python -m bot ([a-z][a-z-]*)", page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_named_exist(page):
    """Paths in backticks that begin with a folder of ours; ``…`` and ``<…>`` are left out."""
    for path in re.findall(
        r"`((?:bot|handlers|models|locales|tests|docs)/[\w./*-]+)[ `]", page.read_text("utf-8")
    ):
        assert list(ROOT.glob(path.rstrip("/"))), f"{named(page)} names {path}"


@pytest.mark.parametrize("record", sorted((ROOT / "docs/decisions").glob("*.md")), ids=named)
def test_decisions_are_short_and_in_form(record):
    lines = record.read_text("utf-8").splitlines()
    assert len(lines) <= 20
    number = int(record.name[:4])
    assert re.fullmatch(rf"# {number}\. .+ {{10}}\d{{4}}-\d\d-\d\d, \w+", lines[0])
    for part in ("Context", "Decision", "Considered", "Follows"):
        assert any(line.startswith(part) for line in lines), part


def test_nothing_of_a_machine_or_an_index_is_written_down():
    unwanted = re.compile(r"/root/|/work/|--(?:extra-)?index-url|--find-links")
    for page in (*PAGES, *map(ROOT.joinpath, ("Dockerfile", "compose.yaml", "requirements.lock"))):
        assert not unwanted.search(page.read_text("utf-8")), named(page)
