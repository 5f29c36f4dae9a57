"""``make demo``: the whole story in the terminal, on an embedded database that is thrown away."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from pydantic import SecretStr

from bot.app import prepared, running
from bot.settings import Settings
from bot.talk import Terminal

CITIZEN, OFFICER = "Người dân ", "Cán bộ    "
# Who says what; {code} is the case code that appeared on the way.
STORY = (
    (CITIZEN, "nhà tôi sập rồi"),
    (CITIZEN, "không"),
    (CITIZEN, "✅ Đồng ý"),
    (CITIZEN, "dong son"),
    (CITIZEN, "thôn Phước Thiện"),
    (CITIZEN, "gần chợ"),
    (CITIZEN, "bão"),
    (CITIZEN, "hôm nay"),
    (CITIZEN, "Gia đình tôi"),
    (CITIZEN, "Trần Văn Bình"),
    (CITIZEN, "4"),
    (CITIZEN, "2 trẻ nhỏ, 1 người già"),
    (CITIZEN, "hộ nghèo"),
    (CITIZEN, "0912 345 678"),
    (CITIZEN, "Bỏ qua"),
    (CITIZEN, "✅ Gửi"),
    (OFFICER, "/hangdoi"),
    (OFFICER, "/nhan {code}"),
    (OFFICER, "/xacnhan {code} hỗ trợ làm nhà 40 triệu đồng, Điều 12 NĐ 335/2026/NĐ-CP"),
    (CITIZEN, "{code}"),
)


async def play() -> None:
    """Say every line of the story and show both chats, one under the other."""
    code = ""
    with tempfile.TemporaryDirectory(prefix="tro-giup-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet; the server may be another user
        settings = Settings(
            data_dir=Path(folder),
            database_url=SecretStr(""),
            demo=True,
            media_url="",
            take_back_seconds=0,  # nobody in the story changes their mind
        )
        async with prepared(settings) as app, running(app, frozenset({"worker"})):
            heard: list[str] = []

            def shown(who: str) -> Terminal:
                def show(line: str) -> None:
                    heard.append(line)
                    print(f"{who}|{line}")

                return Terminal(app, "citizen" if who == CITIZEN else "officer", show)

            chats = {who: shown(who) for who in (CITIZEN, OFFICER)}
            for who, line in STORY:
                found = re.search(r"QN-\w{4,5}-\w", " ".join(heard))
                code = found.group() if found else code
                words = line.format(code=code)
                print(f"{who}> {words}")
                await chats[who].say(words)
                for chat in (chats[who], *(one for key, one in chats.items() if key != who)):
                    await chat.hear(quiet=0.3)
    print(f"\nHồ sơ {code}: đã báo, đã nhận, đã xác nhận, người dân đã được báo.")
