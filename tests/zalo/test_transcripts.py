"""Every transcript of ``tests/conversations`` once more, on Zalo through its stand-in.

The tests are the same objects; only the town they are given is another.
"""

from importlib import import_module
from pathlib import Path

import pytest

from tests import conversations

for path in sorted(Path(conversations.__file__).parent.glob("test_*.py")):
    module = import_module(f"tests.conversations.{path.stem}")
    for name, found in list(vars(module).items()):
        if name.startswith("test_") and getattr(found, "__module__", "") == module.__name__:
            globals()[f"test_{path.stem.removeprefix('test_')}__{name}"] = found
        elif type(found).__name__ == "FixtureFunctionDefinition":
            assert globals().setdefault(name, found) is found, name


def test_they_were_found(request: pytest.FixtureRequest) -> None:
    here = [one for one in request.session.items if one.path == Path(__file__)]
    assert len(here) > 200 or len(request.session.items) < 200
