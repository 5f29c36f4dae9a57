"""The webhook: 200 within two seconds whatever comes, nothing lost while the database is away."""

import asyncio
import io
import json
import time

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from sqlalchemy import func, select

from bot import database
from bot.app import App
from bot.channels.zalo import signature
from bot.channels.zalo.webhook import PATH, Webhook
from bot.media import MediaStore
from bot.settings import Settings
from models import vault
from models.zalo import ZaloEvent
from tests.faults.server import Server
from tests.standins.zalo.world import APP_ID, OA_SECRET
from tests.zalo_town import ZaloTown, zalo_settings


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


async def test_events_wait_sealed_on_the_disk_while_the_database_is_away(oa, key, tmp_path):
    """A database that is killed and started again, with events coming in all the time."""
    server = Server(tmp_path / "pg")
    (tmp_path / "pg").mkdir(mode=0o755)
    url = await server.start()
    try:
        await database.migrate(url)
        vault.use(ring := vault.Vault(key))
        town = ZaloTown(oa)
        engine = database.engine(url, pool=12)
        store = MediaStore((tmp_path / "media").as_uri(), ring.seal, ring.open)
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path,
            database_url=SecretStr(url),
            encryption_key=SecretStr(key),
            **zalo_settings(oa.base),
        )
        town.app = App(settings, url, engine, store, town.now)
        town.app.add_channels(serves=False)
        async with town.listening():
            town.channel._webhook.start()  # noqa: SLF001
            await _outage(town, server, seconds=6)
        await town.app.intake.close()
        await engine.dispose()
    finally:
        await server.end()


async def _outage(town: ZaloTown, server: Server, seconds: float) -> None:
    sent: list[str] = []

    async def talk() -> None:
        number = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            number += 1
            sent.append(f"m{number}")
            await town.oa.say(f"u{number % 20}", f"tin {number}", msg_id=f"m{number}", wait=False,
                              at=town.stamp() + number)  # fmt: skip
            await asyncio.sleep(0.02)

    talking = asyncio.create_task(talk())
    await asyncio.sleep(1)
    server.kill()
    await asyncio.sleep(seconds - 2.5)
    await server.start()
    await talking
    async with asyncio.timeout(60):
        while True:
            try:
                if await events(town) == len(sent):
                    break
            except Exception:  # noqa: BLE001 - it is still starting
                await town.app.engine.dispose()
            await asyncio.sleep(0.2)
    keys = {row.key for row in await town.rows(select(ZaloEvent.key))}
    assert keys == {f"user_send_text:{one}" for one in sent}
    made = (await town.oa.state())["deliveries"]
    assert {one["status"] for one in made} == {200}
    assert max(one["seconds"] for one in made) < 2
    assert len(made) == len(sent)  # nothing had to be brought twice
