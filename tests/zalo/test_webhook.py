"""The webhook: 200 within two seconds whatever comes, nothing lost while the database is away."""

import asyncio
import io
import json
import time

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select

from bot.channels.zalo import signature
from bot.channels.zalo.webhook import PATH, Webhook
from models.zalo import ZaloEvent
from tests.faults.server import Server
from tests.standins.zalo.world import APP_ID, OA_SECRET
from tests.zalo.outage import play, town_on
from tests.zalo_town import ZaloTown


@pytest.fixture
def town(zalo_town: ZaloTown) -> ZaloTown:
    return zalo_town


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("zalo_webhook_total", {"outcome": outcome}) or 0.0


async def events(town: ZaloTown) -> int:
    return await town.one(select(func.count()).select_from(ZaloEvent))


async def call(
    town: ZaloTown, body: bytes, header: str | None = None, method: str = "POST"
) -> int:
    headers = {"X-ZEvent-Signature": header} if header is not None else {}
    async with town.channel.client.http.request(
        method, town.base + PATH, data=io.BytesIO(body), headers=headers
    ) as answer:
        return answer.status


def signed(body: bytes) -> str:
    stamp = json.loads(body)["timestamp"]
    return f"mac={signature.mac(APP_ID, body, stamp, OA_SECRET)}"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", "empty"),
        (b"{", "unreadable"),
        (b"[1]", "unreadable"),
        (b"x" * (1024 * 1024 + 1), "empty"),
        (b'{"event_name": "user_send_text", "timestamp": "5"}', "bad_signature"),
    ],
    ids=["a probe", "half", "a list", "too large", "unsigned"],
)
async def test_whatever_comes_is_answered_and_what_is_not_zalos_is_dropped(town, body, outcome):
    before = counted(outcome)
    assert await call(town, body) == 200
    assert counted(outcome) == before + 1
    assert await events(town) == 0


async def test_a_probe_and_the_verification_file(town):
    assert await call(town, b"", method="GET") == 200
    config = town.channel._outbound._config  # noqa: SLF001
    object.__setattr__(config, "verification", "CODE1")
    routes = Webhook(town.app.engine, config, town.now).routes()
    assert any(route.path == "/zalo_verifierCODE1.html" for route in routes)
    page = await Webhook(town.app.engine, config, town.now).verify(None)
    assert 'name="zalo-platform-site-verification" content="CODE1"' in page.text
    assert "There Is No Limit To What You Can Accomplish Using Zalo!" in page.text


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ({"event_name": "user_send_text", "recipient": {"id": "222222222222222222"},
          "sender": {"id": "1"}, "message": {"msg_id": "This is message id", "text": "x"}},
         "not_ours"),
        ({"event_name": "user_send_text", "recipient": {"id": "5"}, "sender": {"id": "1"},
          "message": {"msg_id": "m", "text": "x"}}, "not_ours"),
        ({"event_name": "never_heard_of", "sender": {"id": "1"}}, "nothing"),
    ],
    ids=["the console's test", "another account", "unknown"],
)  # fmt: skip
async def test_signed_events_that_are_not_for_us(town, event, outcome):
    body = json.dumps({**event, "app_id": APP_ID, "timestamp": "154390853474"}).encode()
    before = counted(outcome)
    assert await call(town, body, signed(body)) == 200
    assert counted(outcome) == before + 1
    assert await events(town) == 0


async def test_a_bad_signature_is_answered_200_and_nothing_of_it_is_kept(town):
    await town.oa.change(bad_signature=True)
    assert (await town.oa.say("b1", "chào", at=town.stamp()))["status"] == 200
    assert await events(town) == 0


async def test_what_is_not_answered_in_time_comes_again_and_is_one(town):
    """Zalo's own retries, with ``num_retry``, a hundred times faster."""
    stored = town.channel._webhook._store  # noqa: SLF001
    calls = []

    async def slow(found):
        calls.append(found)
        if len(calls) == 1:
            await stored(found)
            await asyncio.sleep(5)
        return await stored(found)

    town.channel._webhook._store = slow  # noqa: SLF001 - stored, but too slow to say so
    started = time.monotonic()
    answered = await town.oa.say("b1", "chào", at=town.stamp())
    assert answered["status"] == 200 and time.monotonic() - started < 2
    town.channel._webhook._store = stored  # noqa: SLF001
    await drained(town.channel._webhook)  # noqa: SLF001
    assert await events(town) == 1


async def drained(webhook: Webhook) -> None:
    spool = webhook._spool  # noqa: SLF001
    webhook.start()
    async with asyncio.timeout(20):
        while await spool.names():  # noqa: ASYNC110 - files tell nobody
            await asyncio.sleep(0.1)
    await webhook.stop()


async def test_nothing_is_lost_while_the_database_is_away(oa, key, tmp_path):
    """The short form of ``python -m tests.bench.zalo_outage``."""
    (tmp_path / "pg").mkdir(mode=0o755)
    server = Server(tmp_path / "pg")
    async with town_on(server, oa, key, tmp_path) as (town, _):
        found = await play(town, server, away=4, per_second=50)
    assert found.stored == {f"user_send_text:m{number}" for number in range(1, found.sent + 1)}
    assert found.applied == found.sent
    assert found.bad == 0
    assert found.slowest < 2
    assert found.calls == found.sent  # nothing had to be brought twice
