"""People on the stand-in platform who report that their house fell down, to the end."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.platform import Platform

FAMILY = ("Trần", "Nguyễn", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Võ", "Đặng", "Bùi")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Hạnh")
DONE = re.compile(r"Đã ghi nhận hồ sơ\D*(QN-\w+-\w)")


@dataclass
class Walker:
    """One person: who they are, what they were told, and how far they have come."""

    chat: int
    number: int
    heard: list[str] = field(default_factory=list)
    code: str | None = None
    answered: str = ""  # the last message that was answered; a repetition is not answered again

    @property
    def name(self) -> str:
        rest, family = divmod(self.number, len(FAMILY))
        given, middle = divmod(rest, len(MIDDLE))
        return f"{FAMILY[family]} {MIDDLE[middle]} {GIVEN[given]}"

    @property
    def phone(self) -> str:
        return f"0912345{self.number:03}"

    @property
    def people(self) -> int:
        return 3 + self.number % 5

    @property
    def address(self) -> str:
        return f"nhà số {self.number} gần chợ"

    def answer(self, text: str, labels: list[str]) -> dict | None:
        """What the person does about a message; None when it asks nothing."""
        if found := DONE.search(text):
            self.code = found.group(1)
            return None
        for asked, deed in ANSWERS.items():
            if asked in text:
                said = deed(self)
                if not said.startswith("["):
                    return {"chat_id": self.chat, "text": said}
                label = next(label for label in labels if said[1:-1] in label)
                return {"chat_id": self.chat, "button": label}
        return None


ANSWERS: dict[str, Callable[[Walker], str]] = {
    "Tóm tắt tin báo": lambda _: "[Gửi]",
    "đang nguy hiểm tính mạng không": lambda _: "khong",
    "xin ông/bà cho phép": lambda _: "[Đồng ý]",
    "Việc xảy ra ở xã, phường nào": lambda _: "dong son",
    "Ở thôn, tổ dân phố nào": lambda _: "thôn Phước Thiện",
    "Địa chỉ hoặc mốc": lambda one: one.address,
    "Do đâu mà ra": lambda _: "[Bão]",
    "Xảy ra ngày nào": lambda _: "[Hôm nay]",
    "Ông/bà báo cho ai": lambda _: "1",
    "Họ tên chủ hộ": lambda one: one.name,
    "Trong nhà có mấy người": lambda one: str(one.people),
    "Trong đó có trẻ nhỏ": lambda _: "2 trẻ nhỏ, 1 người già",
    "hộ nghèo": lambda _: "ho ngheo",
    "Số điện thoại để cán bộ": lambda one: one.phone,
    "Xin gửi ảnh": lambda _: "[Xong]",
}


SLOW = 500  # messages that may overtake one the platform is slow with


class Crowd:
    """Reads what is new on the platform and lets everybody answer."""

    def __init__(self, platform: Platform, walkers: list[Walker], seed: int) -> None:
        self._platform = platform
        self.walkers = {one.chat: one for one in walkers}
        self._chance = random.Random(seed)  # noqa: S311 - a run that can be played again
        self._seen = 0
        self._read: set[int] = set()  # numbers of messages; a slow one may show after a later one
        self.heard = 0  # messages, repetitions among them
        self.moved = asyncio.Event()  # set for a moment at every look
        self.late = 0  # updates that came again long after

    async def begin(self, some: list[Walker]) -> None:
        await self._platform.say_all(
            [{"chat_id": one.chat, "text": "nhà tôi sập rồi"} for one in some]
        )

    async def look(self) -> None:
        """Answer everything that is new, in the order it was said; now and then old news come."""
        deeds = []
        for chat, message in await self._platform.news(max(0, self._seen - SLOW)):
            if message["message_id"] in self._read:
                continue
            self._read.add(message["message_id"])
            self._seen = max(self._seen, message["message_id"])
            walker = self.walkers.get(chat)
            if walker is None:
                continue
            text = message.get("text", "")
            walker.heard.append(text)
            self.heard += 1
            labels = [button["text"] for button in message.get("buttons", [])]
            if text != walker.answered and (deed := walker.answer(text, labels)) is not None:
                walker.answered = text
                deeds.append(deed)
        if deeds:
            await self._platform.say_all(deeds)
        if self._chance.random() < 0.03:
            self.late += await self._platform.again(self._chance.randint(1, 8))
        self.moved.set()
        self.moved.clear()
        await asyncio.sleep(0.05)

    def through(self) -> int:
        return sum(one.code is not None for one in self.walkers.values())
