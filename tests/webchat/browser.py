"""Chromium at the page, and what people do there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from playwright.async_api import Browser, Frame, Page, Playwright, expect

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
TELEPHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PATIENCE = 8000.0  # ms for whatever a person waits for
HERE = {"latitude": 15.2089, "longitude": 108.7633}  # Đông Sơn
STORY = (  # what the citizen says after «nhà tôi sập rồi», [a button] or words
    *("không", "[Đồng ý]", "dong son", "thôn Phước Thiện", "gần chợ", "[Bão]"),
    *("[Hôm nay]", "[Gia đình tôi]", "Trần Văn Bình", "4", "2 trẻ nhỏ, 1 người già"),
    *("[Hộ nghèo]", "0912 345 678"),
)


async def launch(playwright: Playwright) -> Browser:
    path = shutil.which("chromium")
    return await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


class Chat:
    """One chat on the screen: a page, or a frame of the demonstration."""

    def __init__(self, frame: Frame | Page) -> None:
        self.frame = frame

    async def ready(self) -> Chat:
        await expect(self.frame.locator(".row.bot").first).to_be_visible()
        return self

    async def hears(self, words: str | re.Pattern[str]) -> None:
        found = self.frame.locator(".row.bot .text").filter(has_text=words)
        await expect(found.last).to_be_attached(timeout=PATIENCE)

    async def settled(self) -> None:
        """Everything said is stored, and it has been answered."""
        await expect(self.frame.locator(".row.me.latest .state")).to_have_text(
            " ✓ Đã gửi", timeout=15_000, use_inner_text=False
        )
        await expect(self.frame.locator("#typing")).to_be_hidden()

    async def says(self, text: str) -> None:
        """Say a line; ``[label]`` presses a button."""
        pressed = re.fullmatch(r"\[(.+)\]", text)
        if pressed:
            await self.frame.locator(".asking .choice", has_text=pressed[1]).first.click()
        else:
            await self.frame.fill("#text", text)
            await self.frame.click("#send")
        await self.settled()

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.frame.locator(".choice:visible", has_text=label).last.click()
        await self.settled()

    async def texts(self, who: str = "") -> list[str]:
        rows = self.frame.locator(f".row{who} .text")
        return [re.sub(r"\s+", " ", text) for text in await rows.all_text_contents()]

    async def codes(self) -> list[str]:
        return re.findall(r"QN-\w{4,5}-\w", " ".join(await self.texts()))

    async def code(self) -> str:
        return (await self.codes())[-1]

    async def to_end(self) -> None:
        await self.frame.evaluate("() => { log.scrollTop = log.scrollHeight }")


async def open_chat(browser: Browser, url: str, **more: object) -> tuple[Page, Chat]:
    """A telephone at one chat, by default a newcomer's."""
    context = await browser.new_context(
        **{"viewport": TELEPHONE, "locale": "vi-VN", "is_mobile": True, "has_touch": True} | more  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto(url)
    return page, await Chat(page).ready()


async def open_demo(
    browser: Browser, address: str, **more: object
) -> tuple[Page, dict[str, Chat]]:
    """The four chats side by side."""
    context = await browser.new_context(**{"viewport": DESK, "locale": "vi-VN"} | more)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto(address)
    chats = {}
    for frame in page.frames:
        if part := re.search(r"as=(\w+)", frame.url):
            chats[part[1]] = await Chat(frame).ready()
    return page, chats


async def report(
    citizen: Chat,
    first: str = "nhà tôi sập rồi",
    story: Iterable[str] = STORY,
    *,
    photo: Path | None = None,
) -> str:
    """Tell the whole story as the citizen; gives the case code."""
    await citizen.says(first)
    for line in story:
        await citizen.says(line)
    await finish(citizen, photo=photo)
    return await citizen.code()


async def finish(
    citizen: Chat,
    *,
    photo: Path | None = None,
    on_summary: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Add a photograph, skip what else is asked, and send the summary."""
    if photo is not None:
        await citizen.frame.set_input_files("#pickphoto", photo)
        await citizen.frame.click("#send")
        await citizen.settled()
    while not await citizen.frame.locator(".asking .choice", has_text="✅").count():
        skip = citizen.frame.locator(".asking .choice", has_text=re.compile("Xong|Bỏ qua"))
        await skip.first.click()
        await citizen.settled()
    if on_summary is not None:
        await on_summary()
    await citizen.presses("✅")
    await citizen.hears("Đã ghi nhận hồ sơ")
