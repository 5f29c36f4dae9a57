"""What is logged of an error: where it came from, never the values its message quotes."""

import pytest
import structlog

from bot import logs


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_logged_exception_carries_no_words_of_people(form, capsys):
    before = structlog.get_config()
    logs.configure(form)
    try:
        try:
            int("Trần Văn Bình 0912345678")
        except ValueError:
            structlog.get_logger("trial").exception("job_failed", error="ValueError")
    finally:
        structlog.configure(**before)
    shown = capsys.readouterr().err
    assert "job_failed" in shown and "test_logs.py" in shown
    assert "Bình" not in shown and "0912345678" not in shown
