"""How updates come in: nothing lost, nothing out of order, nothing from strangers."""

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.poll import Poller
from handlers.messages import Button, Incoming, Outgoing
from tests.standins.telegram.client import Standin

SECRET = "a-secret_of-ours"  # noqa: S105 - nobody's


class Core:
    """Stands for the core: keeps each message once, and fails when told to."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.tries: list[str] = []
        self.broken: dict[str, int] = {}  # text: how often it fails
        self.pause = 0.0
        self.busy = self.most_busy = 0

    async def take_in(self, message: Incoming) -> None:
        self.tries.append(message.text)
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await asyncio.sleep(self.pause)
            if self.broken.get(message.text, 0) > 0:
                self.broken[message.text] -= 1
                raise OSError("the database is away")
        finally:
            self.busy -= 1
        if message.message_id not in {known.message_id for known in self.heard}:
            self.heard.append(message)

    def texts(self, address: str | None = None) -> list[str]:
        return [m.text for m in self.heard if address in (None, m.address)]


@pytest.fixture
def core() -> Core:
    return Core()


async def heard(standin: Standin, core: Core, count: int) -> None:
    async def enough() -> bool:
        return len(core.heard) >= count

    await standin.until(enough, seconds=15)


async def idle(standin: Standin) -> None:
    """Wait until every update is confirmed and every button answered."""

    async def nothing_left() -> bool:
        state = await standin.state()
        return state["pending"] == 0 and not state["unanswered"]

    await standin.until(nothing_left, seconds=15)


async def test_each_chat_in_order_and_chats_side_by_side(standin, make_channel, core):
    core.pause = 0.02
    chats, each = range(1, 41), range(5)
    await standin.say_all([{"chat_id": c, "text": f"{n}"} for n in each for c in chats])
    await make_channel(core.take_in).start()
    await heard(standin, core, 200)
    await idle(standin)
    assert all(core.texts(str(chat)) == [str(n) for n in each] for chat in chats)
    assert 8 < core.most_busy <= 32


async def test_a_failing_message_waits_its_turn_and_holds_nobody_else(standin, make_channel, core):
    core.broken = {"một": 2}
    await standin.say_all(
        [
            {"chat_id": 1, "text": "một"},
            {"chat_id": 1, "text": "hai"},
            {"chat_id": 2, "text": "ba"},
        ]
    )
    await make_channel(core.take_in).start()
    await heard(standin, core, 1)
    assert core.texts() == ["ba"]
    await standin.say(3, "bốn")  # said while the first is still failing
    await heard(standin, core, 4)
    await idle(standin)
    assert core.texts("1") == ["một", "hai"]
    assert core.tries.count("ba") == 1 and core.tries.count("một") == 3
    assert core.texts().index("bốn") < core.texts().index("một")


async def test_a_crash_before_the_offset_loses_nothing(standin, make_channel, core):
    core.pause = 60  # never committed: the process dies with it
    await standin.say_all([{"chat_id": c, "text": "cứu"} for c in range(1, 4)])
    dying = make_channel(core.take_in)
    await dying.start()

    async def under_way() -> bool:
        return core.busy == 3

    await standin.until(under_way)
    theirs = ("Poller._work", "Inbound._poll")
    died = [t for t in asyncio.all_tasks() if any(name in repr(t.get_coro()) for name in theirs)]
    assert len(died) == 4
    for task in died:
        task.cancel()
    assert (await standin.state())["pending"] == 3
    core.pause = 0
    await make_channel(core.take_in).start()
    await heard(standin, core, 3)
    await idle(standin)
    assert core.texts() == ["cứu"] * 3


async def test_a_crash_after_the_commit_is_a_repetition(standin, make_channel, core):
    await standin.faults(again=0.6, double=0.5, shuffle=True)
    await make_channel(core.take_in).start()
    for number in range(30):
        await standin.say(1 + number % 3, str(number))
    await heard(standin, core, 30)
    await idle(standin)
    assert sorted(map(int, core.texts())) == list(range(30))
    counts = (await standin.state())["counts"]
    assert counts["shown_again"] > 0 and len(core.tries) > 30


async def test_stopping_finishes_what_is_being_taken_in(standin, make_channel, core):
    core.pause = 0.3
    channel = make_channel(core.take_in)
    await channel.start()
    await standin.say(1, "chào")

    async def busy() -> bool:
        return core.busy == 1

    await standin.until(busy, each=0.01)
    await channel.stop()
    assert core.texts() == ["chào"]
    assert (await standin.state())["pending"] == 0  # and Telegram was told


async def test_polling_outlives_a_broken_server(standin, make_channel, core):
    await standin.faults(conflict=1, missing=["deleteWebhook", "setMyCommands"])
    await make_channel(core.take_in).start()
    await standin.say(1, "chào")
    await heard(standin, core, 1)


async def test_an_update_nobody_can_read_is_passed_over(standin, make_channel, core):
    for odd in ({"message": {"message_id": "x"}}, {"message": 5}, {"callback_query": {}}):
        await standin.say(1, update=odd)
    await standin.say(1, "chào")
    await make_channel(core.take_in).start()
    await heard(standin, core, 1)
    await idle(standin)
    assert core.texts() == ["chào"]


class Telegram:
    """Gives out updates by hand, and remembers the offsets it was asked for."""

    def __init__(self, *answers: list[int]) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []

    async def fetch(self, offset: int | None, _seconds: float) -> list[dict]:
        self.offsets.append(offset)
        await asyncio.sleep(0.001)
        ids = self.answers.pop(0) if self.answers else []
        return [{"update_id": n, "message": {"chat": {"id": n % 2}}} for n in ids]


async def run_for(poller: Poller, seconds: float) -> None:
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(seconds)
    poller.stop()
    await running


async def test_telegram_may_count_from_a_lower_number_after_a_quiet_week():
    telegram, taken = Telegram([900, 901], [], [5], [6]), []

    async def take(update: dict, _failures: int) -> None:
        taken.append(update["update_id"])

    await run_for(Poller(telegram.fetch, take, lambda _error: None), 0.1)
    assert taken == [900, 901, 5, 6]
    assert telegram.offsets[:5] == [None, 902, 902, 6, 7]


async def test_an_update_at_fault_is_given_up_once_others_go_through(monkeypatch):
    monkeypatch.setattr("bot.channels.telegram.poll.GIVE_UP", 3)
    monkeypatch.setattr("bot.channels.telegram.poll.SLOWEST", 0.01)
    monkeypatch.setattr("bot.channels.telegram.poll.LOOK_AGAIN", 0.01)
    telegram, tries, healthy = Telegram([2, 3, 4]), [], False

    async def take(update: dict, _failures: int) -> None:
        tries.append(update["update_id"])
        if update["update_id"] == 2 or not healthy:
            raise OSError

    poller = Poller(telegram.fetch, take, lambda _error: None)
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(0.2)
    assert tries.count(2) > 3 and 4 not in tries  # all fail: nothing is at fault but the core
    assert set(telegram.offsets) == {None, 2}
    healthy = True
    await asyncio.sleep(0.2)
    poller.stop()
    await running
    assert tries[-1] == 4 and telegram.offsets[-1] == 5


async def press(standin: Standin, channel: TelegramChannel) -> None:
    await standin.say(1, "chào")
    await channel.send("1", Outgoing("Có ai nguy hiểm không?", (Button("d:y", "Có"),)), "k")
    await standin.press(1, "Có")


async def test_a_button_is_answered_once(standin, make_channel, core):
    channel = make_channel(core.take_in)
    await channel.start()
    await press(standin, channel)
    await heard(standin, core, 2)
    await idle(standin)
    assert core.heard[-1].button == "d:y"
    assert "answers_repeated" not in (await standin.state())["counts"]


async def test_a_button_is_answered_even_if_its_press_fails(standin, make_channel, core):
    core.broken = {"": 2}
    channel = make_channel(core.take_in)
    await channel.start()
    await press(standin, channel)
    await heard(standin, core, 2)
    await idle(standin)
    assert len(await standin.calls("answerCallbackQuery")) == 1


async def test_a_late_answer_is_refused_and_survived(standin, make_channel, core):
    await standin.faults(double=1)  # the second of two answers comes too late
    channel = make_channel(core.take_in)
    await channel.start()
    await press(standin, channel)
    await heard(standin, core, 2)

    async def twice() -> bool:
        return len(await standin.calls("answerCallbackQuery")) == 2

    await standin.until(twice)
    await standin.say(1, "tiếp")
    await heard(standin, core, 3)


async def test_blocking_and_coming_back(standin, make_channel, core):
    await make_channel(core.take_in).start()
    await standin.say(1, block=True)
    await standin.say(1, block=False)
    await heard(standin, core, 2)
    assert [m.event for m in core.heard] == ["blocked", "unblocked"]


@pytest.fixture
async def webhook(standin, make_channel, core) -> AsyncIterator[str]:
    """Serve a channel's own route on loopback, and let Telegram know."""
    app = web.Application()
    runner = web.AppRunner(app, access_log=None)
    url = ""

    async def route(request: web.Request) -> web.StreamResponse:
        [only] = channel.routes()
        return await only.handler(request)

    app.router.add_post("/telegram/webhook", route)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
    channel = make_channel(core.take_in, webhook_url=url, webhook_secret=SECRET)
    await channel.start()

    async def known() -> bool:
        return (await standin.state())["webhook"] == url

    await standin.until(known)
    yield url
    await standin.reset()
    await runner.cleanup()


@pytest.mark.usefixtures("webhook")
async def test_the_webhook_takes_in_before_it_answers(standin, core):
    core.broken = {"hai": 2}
    await standin.say_all(
        [
            {"chat_id": 1, "text": "một"},
            {"chat_id": 1, "text": "hai"},
            {"chat_id": 1, "text": "ba"},
        ]
    )
    await heard(standin, core, 3)
    await idle(standin)
    assert core.texts() == ["một", "hai", "ba"]
    counts = (await standin.state())["counts"]
    assert (counts["webhook_503"], counts["webhook_200"]) == (2, 3)
    assert "getupdates" not in counts


@pytest.mark.parametrize("given", [None, "", "wrong", SECRET[:-1], "bí mật"])
async def test_the_webhook_knows_telegram_by_its_secret(webhook, core, given):
    headers = {"X-Telegram-Bot-Api-Secret-Token": given} if given is not None else {}
    async with aiohttp.ClientSession() as http:
        answer = await http.post(webhook, data=b"{", headers=headers)
    assert answer.status == 403
    assert not core.heard


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b'"x"', 400), (b" " * (1024 * 1024 + 1), 413), (b"{}", 200)],
    ids=["cut off", "list", "word", "too large", "empty"],
)
async def test_the_webhook_bears_with_odd_bodies(webhook, core, body, status):
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession() as http:
        answer = await http.post(webhook, data=io.BytesIO(body), headers=headers)
    assert answer.status == status
    assert not core.heard


async def test_without_a_given_secret_there_still_is_one(standin, make_channel):
    channel = make_channel(webhook_url="http://127.0.0.1:9/telegram/webhook")
    await channel.start()

    async def asked() -> bool:
        return bool(await standin.calls("setWebhook"))

    await standin.until(asked)
    [call] = await standin.calls("setWebhook")
    assert len(call["asked"]["secret_token"]) == 64
    await standin.reset()
