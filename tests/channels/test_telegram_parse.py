"""Payloads of the Bot API as they come, and what the service makes of each."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram.parse import _update, parse
from bot.channels.telegram.poll import chat_of
from handlers.messages import Contact, Incoming, Media, Position

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CASES = sorted((Path(__file__).parent / "telegram").glob("*.json"))


def incoming(told: dict) -> Incoming:
    given = dict(told)
    given["sent_at"] = datetime.fromisoformat(given["sent_at"])
    given["media"] = tuple(Media(**media) for media in given.get("media", []))
    if "position" in given:
        given["position"] = Position(*given["position"])
    if "contact" in given:
        given["contact"] = Contact(*given["contact"])
    return Incoming("telegram", **given)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_payload(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    expected = incoming(case["expected"]) if case["expected"] else None
    assert parse(case["update"], None, NOW) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_updates_are_sorted_into_chats_without_being_read(path):
    update = json.loads(path.read_text(encoding="utf-8"))["update"]
    assert chat_of(update) in {1111, -100222, -1003}


def test_what_the_database_cannot_hold_is_dropped():
    case = json.loads((CASES[0].parent / "text.json").read_text(encoding="utf-8"))
    case["update"]["message"]["text"] = "nước\x00 lên\ud83d"
    heard = parse(case["update"], None, NOW)
    assert heard is not None and heard.text == "nước lên"


@given(
    words=st.text(),
    at=st.integers(0, 2**31 - 1),
    beside=st.sampled_from(
        [
            {},
            {"from": {"id": 1111, "is_bot": False, "first_name": "B"}},
            {"entities": [{"type": "bot_command", "offset": 0, "length": 1}]},
            {"edit_date": 1763777600},
            {"media_group_id": "7"},
            {"caption": "thêm"},
        ]
    ),
    kind=st.sampled_from(["private", "group"]),
)
def test_words_alone_are_read_as_the_library_reads_them(words, at, beside, kind):
    chat = {"id": 1111, "type": kind, "first_name": "B", "title": "B"}
    message = {"message_id": 5, "date": at, "chat": chat, "text": words, **beside}
    update = {"update_id": 9, "message": message}
    by_library = _update(Update.de_json(update, None), NOW)
    assert parse(update, None, NOW) == by_library


@pytest.mark.parametrize(
    "odd", [{}, {"message": "hello"}, {"callback_query": {"id": "1"}}, {"message": {"chat": 5}}]
)
def test_a_shape_nobody_knows_has_no_chat(odd):
    assert chat_of({"update_id": 1, **odd}) == 0
