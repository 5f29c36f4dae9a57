"""The tokens: worn out in the middle, raced for, lost between answer and commit, refused."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from bot.channels.base import SendFailed
from bot.channels.zalo.client import Client
from bot.channels.zalo.login import begin, challenge, code_of, new_verifier
from bot.channels.zalo.refusals import NoToken
from handlers.messages import Outgoing
from models.people import Role
from models.zalo import ZaloToken
from tests.standins.zalo.client import ROOT
from tests.zalo_town import ZaloTown


@pytest.fixture
def town(zalo_town: ZaloTown) -> ZaloTown:
    return zalo_town


async def hello(town: ZaloTown, user: str = "b1") -> None:
    person = town.person(user)
    await person.says("chào")
    await person.hears()


@pytest.fixture
async def another(town: ZaloTown):
    """Clients of other processes, on this machine or another; closed at the end."""
    made: list[Client] = []

    def client(folder: Path | None = None) -> Client:
        config = town.channel._outbound._config  # noqa: SLF001
        if folder is not None:
            config = type(config)(
                **{name: getattr(config, name) for name in config.__slots__} | {"folder": folder}
            )
        made.append(Client(town.app.engine, config, town.now))
        return made[-1]

    yield client
    for one in made:
        await one.close()


async def row(town: ZaloTown):
    return (await town.rows(select(ZaloToken.__table__)))[0]


async def test_a_token_that_ends_in_the_middle_is_renewed_and_nothing_is_said_twice(town):
    citizen = town.person("b1")
    await citizen.says("chào")
    await citizen.hears()
    await town.oa.change(access_ends=0)  # Zalo does not take it any more
    await citizen.says("nhà tôi tốc mái rồi")
    await citizen.hears()
    state = await town.oa.state()
    assert len(state["spent"]) == 2
    assert state["counts"]["error -220"] == 1
    assert len(await citizen.screen()) == 2


async def test_twenty_processes_that_need_one_spend_one(town, another):
    await hello(town)
    await town.oa.change(access_ends=0, slow_token=0.3)
    clients = [another() for _ in range(20)]
    first = await clients[0].tokens.current()
    got = await asyncio.gather(*(one.tokens.renewed(first.generation) for one in clients))
    assert len({one.token for one in got}) == 1
    state = await town.oa.state()
    assert len(state["spent"]) == 2
    assert state["counts"].get("dead_refresh_tokens", 0) == 0
    for one in clients:
        await one.close()


async def test_a_pair_that_a_process_died_with_is_taken_over_on_its_machine(town, another):
    await hello(town)
    tokens = town.channel.client.tokens
    before = await tokens.current()

    async def dies(_: object) -> None:
        raise KeyboardInterrupt

    tokens._commit = dies  # noqa: SLF001 - killed between the answer and the commit
    await town.oa.change(access_ends=0)
    with pytest.raises(KeyboardInterrupt):
        await tokens.renewed(before.generation)
    other = another()
    access = await other.tokens.renewed(before.generation)
    state = await town.oa.state()
    assert access.token == state["access"]
    assert len(state["spent"]) == 2
    assert state["counts"].get("dead_refresh_tokens", 0) == 0
    assert (
        state["access"].encode()
        not in (town.app.settings.data_dir / "zalo")
        .joinpath(next(one.name for one in (town.app.settings.data_dir / "zalo").glob("token-*")))
        .read_bytes()
    )
    await other.close()


async def test_a_lost_answer_cannot_be_saved_and_raises_the_alarm_once(town, tmp_path, another):
    province = town.person("tinh", "webchat")
    await _role(town, province)
    await hello(town)
    access = await town.channel.client.tokens.current()
    await town.oa.change(lost_token=1, access_ends=0)
    with pytest.raises(NoToken, match="token server"):
        await town.channel.client.tokens.renewed(access.generation)
    with pytest.raises(NoToken, match="refused"):
        await another(tmp_path / "other").tokens.renewed(access.generation)
    for _ in range(3):
        await town.channel.minute()
    heard = [one.text for one in await province.unread()]
    assert len(heard) == 1 and "không gửi tin được nữa" in heard[0]
    citizen = town.person("b1")
    await citizen.says("còn đây")  # coming in goes on
    with pytest.raises(SendFailed) as failed:
        await town.channel.send("b1", Outgoing("x"), "k")
    assert failed.value.retry and not failed.value.mailbox  # it waits, nothing is given up
    town.later(days=1, minutes=1)
    await town.channel.minute()
    assert len(await province.unread()) == 1
    await town.channel.client.tokens.store(
        {"access": "", "refresh": (await town.oa.state())["refresh"]}, town.time
    )
    town.time -= timedelta(days=1)
    await town.oa.change(clock=town.stamp())
    assert await town.channel.send("b1", Outgoing("lại được"), "k")


async def _role(town: ZaloTown, somebody) -> None:
    from sqlalchemy import insert  # noqa: PLC0415 - one use

    from models.people import Grant  # noqa: PLC0415

    await somebody.says("/menu")
    await somebody.unread()
    async with town.app.engine.begin() as db:
        await db.execute(
            insert(Grant).values(
                person_id=await somebody.person_id(), role=Role.PROVINCE.value, villages=[],
                granted_at=town.time,
            )
        )  # fmt: skip


async def test_the_alarm_comes_before_the_refresh_token_dies(town):
    province = town.person("tinh", "webchat")
    await _role(town, province)
    await hello(town)
    async with town.app.engine.begin() as db:
        await db.execute(update(ZaloToken).values(rotated_at=town.time - timedelta(days=80)))
    await town.channel._care.look()  # noqa: SLF001
    [told] = await province.unread()
    assert "hết hạn lúc" in told.text


async def test_it_is_renewed_hours_before_it_ends(town):
    await hello(town)
    town.later(hours=19)
    await town.oa.change(clock=town.stamp())
    await town.channel.minute()
    assert len((await town.oa.state())["spent"]) == 1
    town.later(hours=2)
    await town.oa.change(clock=town.stamp())
    await town.channel.minute()
    assert len((await town.oa.state())["spent"]) == 2


async def test_an_error_with_status_200_never_overwrites_a_good_pair(town):
    await hello(town)
    before = await row(town)
    await town.oa.change(refuse_token=True, access_ends=0)
    with pytest.raises(NoToken):
        await town.channel.client.tokens.renewed(before.generation)
    after = await row(town)
    assert after.tokens == before.tokens and after.refused_at == town.time


async def test_a_page_of_html_is_no_answer(town):
    await hello(town)
    await town.oa.change(html=1)
    with pytest.raises(SendFailed) as failed:
        await town.channel.send("b1", Outgoing("x"), "k")
    assert (failed.value.retry, failed.value.reason) == (True, "HTTP 502, no JSON")
    assert await town.channel.send("b1", Outgoing("x"), "k")


async def test_over_the_rate_everybody_waits_a_little(town):
    await hello(town)
    await town.oa.change(errors=[-32])
    with pytest.raises(SendFailed) as failed:
        await town.channel.send("b1", Outgoing("x"), "k")
    assert failed.value.retry and failed.value.retry_after == 15


async def test_a_configured_token_is_taken_over_once(town, another):
    await hello(town)
    generation = (await row(town)).generation
    await asyncio.gather(*(another().tokens.seed() for _ in range(5)))
    assert (await row(town)).generation == generation


async def test_tokens_are_sealed(town):
    await hello(town)
    state = await town.oa.state()
    async with town.app.engine.connect() as db:
        raw = (await db.exec_driver_sql("SELECT tokens FROM zalo_tokens")).scalar_one()
    assert state["access"].encode() not in raw and state["refresh"].encode() not in raw


def test_pkce_both_ways(town):
    config = town.channel._outbound._config  # noqa: SLF001
    fresh = begin(config, "https://x.vn/zalo/callback")
    asked = parse_qs(urlsplit(fresh.url).query)
    assert asked["code_challenge"] == [challenge(fresh.verifier)]
    assert fresh.verifier != begin(config, "https://x.vn/zalo/callback").verifier
    assert len(new_verifier()) == 43 and "=" not in challenge(new_verifier())
    object.__setattr__(config, "pkce_verifier", "v" * 43)
    assert begin(config, "https://x.vn/zalo/callback").verifier == "v" * 43


def test_only_the_answer_to_this_consent_is_taken(town):
    consent = begin(town.channel._outbound._config, "https://x.vn/zalo/callback")  # noqa: SLF001
    back = "https://x.vn/zalo/callback?oa_id=5&code=abc"
    assert code_of(back, consent, "5") == "abc"
    assert code_of(f"{back}&state={consent.state}", consent, "") == "abc"
    assert code_of(" abc ", consent, "5") == "abc"
    for wrong in (f"{back}&state=other", "https://x.vn/zalo/callback?error=1", "", "a b"):
        with pytest.raises(ValueError, match=r"."):
            code_of(wrong, consent, "5")
    with pytest.raises(ValueError, match="ZALO_OA_ID"):
        code_of(back, consent, "6")


@pytest.mark.parametrize("verifier", ["", "v" * 43])
async def test_the_first_consent_at_the_command_line(town, database_url, key, tmp_path, verifier):
    base = town.oa.base
    env = {
        "PATH": "/usr/bin:/bin", "DATABASE_URL": database_url, "ENCRYPTION_KEY": key,
        "DATA_DIR": str(tmp_path / "cli"), "PUBLIC_URL": town.base,
        "ZALO_APP_ID": "360846524940903967",
        "ZALO_APP_SECRET": "app-secret", "ZALO_OA_SECRET_KEY": "oa-secret-key",
        "ZALO_OA_ID": "388613280878808645", "ZALO_OAUTH_BASE": base, "ZALO_API_BASE": base,
        "ZALO_OA_PKCE_VERIFIER": verifier,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "zalo-login"), cwd=ROOT, env=env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    async with asyncio.timeout(60):
        while not (line := (await process.stdout.readline()).decode()).startswith("http"):
            assert line
        async with town.channel.client.http.get(line.strip()) as answer:
            assert answer.status == 200 and "zalo-login" in await answer.text()
            back = str(answer.url)
        process.stdin.write(f"{back}\n".encode())
        out, _ = await process.communicate()
    assert process.returncode == 0, out
    assert (await row(town)).tokens["access"] == (await town.oa.state())["access"]
