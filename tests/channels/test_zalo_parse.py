"""Events of the webhook as they are described: every sample, every formula, every oddity."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.zalo import parse, signature
from bot.channels.zalo.refusals import KINDS, Kind, Refused, send_failed
from handlers.messages import Contact, Incoming, Media, Position

SAMPLES = Path(__file__).parent / "zalo_samples"
NOW = datetime(2026, 10, 1, 3, tzinfo=UTC)  # within days of the samples' newer timestamps
USER = "246845883529197922"


def body(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def heard(name: str) -> parse.Heard:
    raw = parse.load(body(name))
    assert raw is not None
    return parse.read(raw, body(name), NOW)


def said(name: str) -> Incoming:
    found = heard(name).said
    assert found is not None
    assert found.address == heard(name).user_id
    return replace(found, address="", message_id="", sent_at=NOW)


SAID = Incoming("zalo", "", "", NOW)
KEY = "user_send_{}:96d3cdf3af150460909#0"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("user_send_text", {"text": "message"}),
        ("user_send_text_quote", {"text": "Đúng rồi ạ"}),
        ("user_send_text_button_payload", {"text": "#f1:s3:o2:k7"}),  # nobody's payload but theirs
        ("user_send_image", {"text": "ổ gà trước cổng trường",
                             "media": (Media("photo", KEY.format("image")),)}),
        ("user_send_link", {"text": "Zalo For Developers\nhttps://developers.zalo.me/"}),
        ("user_send_audio", {"media": (Media("voice", KEY.format("audio")),)}),
        ("user_send_video", {"media": (Media("video", KEY.format("video")),)}),
        ("user_send_sticker", {"media": (Media("sticker", KEY.format("sticker")),)}),
        ("user_send_location", {"position": Position(10.7642473, 106.6564314)}),
        ("user_send_file", {"media": (Media("document", KEY.format("file"), size=233947,
                                            name="developer.docx"),)}),
        ("user_send_business_card", {"contact": Contact("84912345678", own=False)}),
        ("user_submit_info", {"contact": Contact("84912345678")}),
        ("user_submit_info_legacy", {"contact": Contact("012345688")}),
        ("follow", {"text": "/start"}),
        ("user_click_chatnow", {"text": "/start"}),
        ("oa_send_text_by_admin", {"event": "paused"}),
    ],
)  # fmt: skip
def test_every_sample_of_something_said(name, expected):
    assert said(f"oa_evt_{name}") == replace(SAID, **expected)


@pytest.mark.parametrize(
    ("name", "user", "interaction"),
    [
        ("user_send_text", USER, True),
        ("follow", "24684588352919792", True),
        ("user_click_chatnow", USER, True),
        ("user_submit_info", "246845883529697922", True),
        ("unfollow", "24684588352919792", False),
        ("user_received_message", USER, False),  # the direction is turned round
        ("user_seen_message", USER, False),
        ("user_reacted_message", USER, False),
        ("oa_send_text_by_admin", USER, False),
        ("oa_send_text_by_api", USER, False),
    ],
)
def test_whose_event_it_is_and_whether_it_opens_the_window(name, user, interaction):
    found = heard(f"oa_evt_{name}")
    assert (found.user_id, found.interaction) == (user, interaction)


def test_receipts_name_our_messages():
    received, seen = heard("oa_evt_user_received_message"), heard("oa_evt_user_seen_message")
    assert (received.what, received.delivered, received.seen) == (
        "receipt", ("96d3cdf3af150460909",), False,
    )  # fmt: skip
    assert seen.delivered == ("96d3cdf3af150460909", "96d3cdf3af150460910")
    assert seen.seen
    assert received.key != seen.key
    older = {"event_name": "user_seen_message", "recipient": {"id": "1"}, "timestamp": "1",
             "message": {"msg_id": "m"}}  # fmt: skip
    assert parse.read(older, b"", NOW).delivered == ("m",)


@pytest.mark.parametrize(
    "name", ["oa_evt_oa_send_text_by_api", "oa_evt_user_reacted_message",
             "zbs_evt_user_click_response_button"],
)  # fmt: skip
def test_what_says_nothing_is_nothing(name):
    assert heard(name).what == "nothing"
    assert heard(name).said is None


def test_the_consoles_test_event_is_not_ours():
    raw = parse.load(body("oa_evt_console_test"))
    assert raw is not None
    assert parse.oa_of(raw) == parse.CONSOLE


def test_a_template_that_changed_and_one_that_arrived():
    assert heard("zbs_evt_change_template_status").what == "template"
    assert heard("zbs_evt_user_received_message_phone").what == "receipt"


def test_a_timestamp_that_has_lost_a_digit_is_not_believed():
    assert heard("oa_evt_user_send_text").sent_at is None  # 1974
    assert heard("oa_evt_user_send_text_quote").sent_at == datetime.fromtimestamp(1790800000, UTC)


@pytest.mark.parametrize(
    "vector", json.loads(body("signature_vectors"))["vectors"], ids=lambda one: one["label"]
)
def test_every_signature_vector_agrees(vector):
    raw = vector["raw_body"].encode()
    header = vector["header"]["X-ZEvent-Signature"]
    mine = (vector["app_id"], raw, vector["timestamp"], vector["oa_secret_key"])
    assert signature.mac(*mine) == vector["expected_mac"]
    assert signature.valid(header, *mine)
    assert signature.valid(f" MAC = {vector['expected_mac'].upper()} ", *mine)
    assert parse.timestamp(parse.load(raw) or {}) == vector["timestamp"]
    assert not signature.valid(header, vector["app_id"], raw + b" ", *mine[2:])
    assert not signature.valid("", *mine)
    assert not signature.valid("mac=ổ", *mine)


def test_another_formula_is_named_and_not_accepted():
    raw, stamp = b'{"timestamp":"5"}', "5"
    ours = (("app", "app secret"), ("oa", "oa secret"))
    for name, first, secret in (("OA id, OA secret key", "oa", "oa secret"),
                                ("app id, application secret", "app", "app secret")):  # fmt: skip
        header = f"mac={signature.mac(first, raw, stamp, secret)}"
        assert signature.other_formula(header, raw, stamp, *ours) == name
        assert not signature.valid(header, "app", raw, stamp, "oa secret")


@pytest.mark.parametrize("seed", range(20))
def test_order_of_keys_white_space_and_escapes_change_nothing(seed):
    chance = random.Random(seed)  # noqa: S311
    for path in sorted(SAMPLES.glob("oa_evt_*.json")):
        items = list(json.loads(path.read_text()).items())
        chance.shuffle(items)
        written = json.dumps(
            dict(items), ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1, 3])
        ).replace("/", chance.choice(["/", "\\/"]))
        again = parse.read(parse.load(written.encode()) or {}, written.encode(), NOW)
        first = heard(path.stem)
        if first.key.startswith("sha256:"):  # without an id it is known by its bytes
            again, first = (replace(one, key="", said=None) for one in (again, first))
        assert again == first


@pytest.mark.parametrize(
    "odd",
    [
        {}, {"event_name": 7}, {"event_name": "user_send_text"},
        {"event_name": "user_send_text", "sender": "me"},
        {"event_name": "user_send_text", "sender": {"id": None}, "message": []},
        {"event_name": "follow", "follower": []}, {"event_name": "user_submit_info", "info": 1},
        {"event_name": "something_new", "sender": {"id": "5"}},
        {"event_name": "user_send_group_text", "sender": {"id": "5"}, "message": {"text": "x"}},
        {"event_name": "user_seen_message", "recipient": {"id": "5"}, "message": {"msg_ids": 3}},
        {"event_name": "oa_send_text", "recipient": {"id": "5"}, "sender": 3},
    ],
)  # fmt: skip
def test_what_is_not_known_is_no_error(odd):
    found = parse.read(odd, b"x", NOW)
    assert found.said is None or found.said.event == "unreadable"


@pytest.mark.parametrize(
    "odd",
    [b"", b"[]", b"\xff", b"{", b"[" * 50_000],
    ids=["empty", "a list", "no text", "half", "too deep"],
)
def test_what_is_no_event_is_no_error(odd):
    assert parse.load(odd) is None


def event(text: str = "", **message: object) -> Incoming | None:
    raw = {
        "event_name": "user_send_text",
        "sender": {"id": 2**70},
        "message": {"msg_id": "m", "text": text, **message},
        "timestamp": "1790800000000",
    }
    return parse.read(raw, b"", NOW).said


def test_an_id_longer_than_a_number_of_53_bits_stays_whole():
    found = event("chào")
    assert found is not None
    assert found.address == str(2**70)


@pytest.mark.parametrize(
    ("text", "button", "echo"),
    [
        ("#tg:c:menu", "c:menu", ""),
        ("#tg:a:3f2b1c:danger:yes|Có", "a:3f2b1c:danger:yes", "Có"),
        ("#tg:c:thuhoi:5 chac|Đúng, thu hồi", "c:thuhoi:5 chac", "Đúng, thu hồi"),
        ("#tg:c:xem:QN-7K3M-9|a|b", "c:xem:QN-7K3M-9", "a|b"),
    ],
)
def test_a_tap_is_its_payload_with_the_label_beside_it(text, button, echo):
    found = event(text)
    assert found is not None
    assert (found.button, found.echo, found.text) == (button, echo, "")


@pytest.mark.parametrize("text", ["#tg:", "#tg:x:menu", "c:menu", "#tg:c:" + "x" * 200, "#goopy"])
def test_what_only_looks_like_a_tap_is_words(text):
    found = event(text)
    assert found is not None
    assert (found.button, found.text) == (None, text)


def test_a_kind_of_file_nobody_knows_is_answered_as_unreadable():
    found = event(attachments=[{"type": "hologram", "payload": {}}, "x"])
    assert found is not None
    assert found.event == "unreadable"


@pytest.mark.parametrize("name", [path.stem for path in sorted(SAMPLES.glob("oa_res_error_*"))])
def test_every_sampled_error_has_its_class(name):
    code = json.loads(body(name))["error"]
    failed = send_failed(Refused(code), NOW)
    expected = {
        -216: (True, False), -220: (True, False), -230: (False, True), -32: (True, False),
        -213: (False, True), -211: (False, True), -244: (False, True), -240: (True, False),
        -201: (False, False),
    }[code]  # fmt: skip
    assert (failed.retry, failed.mailbox) == expected


def test_no_code_is_in_two_classes():
    codes = [code for found in KINDS.values() for code in found]
    assert len(codes) == len(set(codes))
    assert Refused(-99999).kind is Kind.TRANSIENT


def test_at_night_a_refused_promotion_waits_for_the_morning():
    night = datetime(2026, 11, 25, 16, 5, tzinfo=UTC)  # 23:05 in Viet Nam
    assert send_failed(Refused(-234), night).retry_after == 7 * 3600
