"""``make pictures``: plays the story in Chromium and writes docs/pictures anew."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.webchat.browser import (
    HERE,
    STORY,
    TELEPHONE,
    Chat,
    finish,
    launch,
    open_chat,
    open_demo,
    report,
)
from tests.webchat.service import Service

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST = 150_000  # bytes of a picture
WIDE = {"width": 1600, "height": 940}
LONG = {"width": 360, "height": 980}
DECISION = "Hỗ trợ làm nhà 40 triệu đồng và gạo 15 kg/người/tháng, Điều 12 NĐ 335/2026/NĐ-CP"


async def take(shot: Page | Any, name: str) -> None:
    """Write what is on the screen, in as few colours as do."""
    await shot.evaluate("() => document.activeElement.blur()")
    await asyncio.sleep(0.4)  # pictures are decoded, the typing dots are gone
    data = await shot.screenshot(animations="disabled", caret="hide")
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    out = io.BytesIO()
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    sys.stdout.write(f"{name}.png {picture.width}×{picture.height} {out.tell() // 1024} kB\n")


def a_house(folder: Path) -> Path:
    """A house that has lost its roof, as far as a few shapes can tell."""
    picture = Image.new("RGB", (1200, 900))
    draw = ImageDraw.Draw(picture)
    for y in range(900):
        draw.line((0, y, 1200, y), fill=(120 + y // 12, 140 + y // 14, 152 + y // 16))
    draw.polygon(
        [(0, 470), (260, 330), (560, 450), (900, 300), (1200, 440), (1200, 900), (0, 900)],
        fill="#5d7358",
    )
    draw.rectangle((0, 640, 1200, 900), fill="#8a7558")
    draw.rectangle((300, 430, 900, 720), fill="#d9c9a3")
    draw.polygon([(300, 430), (340, 360), (420, 430)], fill="#a54a32")
    draw.polygon([(640, 430), (880, 300), (960, 430)], fill="#a54a32")
    for x in range(420, 660, 40):
        draw.line((x, 430, x + 50, 350), fill="#5b4630", width=9)
    draw.rectangle((380, 520, 500, 720), fill="#4b3a2a")
    draw.rectangle((620, 520, 780, 620), fill="#39454a")
    draw.polygon([(120, 760), (420, 700), (520, 790), (180, 840)], fill="#a54a32")
    draw.polygon([(700, 770), (960, 720), (1080, 800), (760, 850)], fill="#8e3f2b")
    draw.line((80, 800, 300, 690), fill="#5b4630", width=14)
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(folder / "nha.jpg", quality=88)
    return folder / "nha.jpg"


async def neighbour(browser: Browser, address: str) -> None:
    """Another house of the village, which waits in the queue."""
    page, chat = await open_chat(browser, f"{address}chat")
    other = {"Trần Văn Bình": "Lê Thị Hoa", "4": "2", "2 trẻ nhỏ, 1 người già": "1 người già"}
    lines = (other.get(line, line) for line in STORY)
    await report(chat, "nhà tôi bị tốc mái hết rồi", lines)
    await page.context.close()


async def story(browser: Browser, address: str, photo: Path) -> None:
    """Four people, one case, from the first word to the answer."""
    await neighbour(browser, address)
    page, people = await open_demo(browser, address, viewport=WIDE)
    citizen, head = people["citizen"], people["village_head"]
    officer, leader = people["officer"], people["leader"]
    await citizen.says("nhà tôi sập rồi")
    for line in STORY:
        await citizen.says(line)
    await finish(citizen, photo=photo)
    await officer.hears("Trần Văn Bình")
    await expect(officer.frame.locator(".media.photo img").last).to_be_visible()
    await officer.presses("Nhận")
    await officer.presses("Xác nhận")
    await officer.says(DECISION)
    await citizen.hears("40 triệu đồng")
    await head.says("/hangdoi")
    await leader.says("/hangdoi")
    for chat in people.values():
        await chat.to_end()
    await take(page, "demo")


async def alone(browser: Browser, address: str, part: str, **more: Any) -> tuple[Page, Chat]:
    """One chat of the demonstration by itself, on a telephone."""
    return await open_chat(browser, f"{address}chat?as={part}", **{"viewport": LONG} | more)


async def citizen(browser: Browser, address: str, photo: Path) -> None:
    page, chat = await open_chat(browser, f"{address}chat")
    await take(page, "citizen-start")
    await chat.says("nhà tôi sập rồi")
    for line in STORY[:5]:
        await chat.says(line)
    await take(page, "citizen-answers")
    for line in STORY[5:]:
        await chat.says(line)
    await page.set_viewport_size(LONG)
    await finish(chat, photo=photo, on_summary=lambda: take(page, "citizen-summary"))
    await take(page, "citizen-receipt")


async def emergency(browser: Browser, address: str) -> None:
    page, chat = await open_chat(
        browser, f"{address}chat", permissions=["geolocation"], geolocation=HERE
    )
    await page.click("#sos")
    await chat.settled()
    await take(page, "emergency")


async def staff(browser: Browser, address: str) -> None:
    page, chat = await alone(browser, address, "citizen")
    await chat.says(await chat.code())
    await take(page, "my-case")
    page, chat = await alone(browser, address, "officer", viewport={"width": 360, "height": 1250})
    await chat.says("/hangdoi")
    await take(page, "queue")
    await chat.says(f"/xem {await chat.code()}")
    await take(page, "officer-card")
    page, chat = await alone(browser, address, "village_head")
    await chat.says("/hangdoi")
    await take(page, "village-head")
    page, chat = await alone(browser, address, "leader")
    await chat.says("/hangdoi")
    await take(page, "leader")
    page, chat = await alone(browser, address, "citizen", color_scheme="dark", viewport=TELEPHONE)
    await chat.says("trình đơn")
    await take(page, "dark")


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tro-giup-pictures-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # noqa: ASYNC240 - the embedded server may run as another user
        service = Service(folder, DEMO="true", WEBCHAT_PUBLIC="true", TAKE_BACK_SECONDS="1")
        try:
            await service.start()
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                photo = a_house(folder)
                await story(browser, service.address, photo)
                await citizen(browser, service.address, photo)
                await emergency(browser, service.address)
                await staff(browser, service.address)
                await browser.close()
        finally:
            await service.stop()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(main())
