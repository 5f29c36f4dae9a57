"""The page in Chromium: the whole story, files, a bad line, keyboard and small screens."""

import asyncio
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from tests.webchat.browser import HERE, STORY, open_chat, open_demo, report

SMALL = """
() => [...document.querySelectorAll('button, a, textarea, input, audio')]
  .filter((one) => one.offsetParent && getComputedStyle(one).visibility !== 'hidden')
  .filter((one) => !one.matches('.skip, .text a'))
  .map((one) => [one.id || one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 43.5 || box.width < 43.5))
  .map(([name, box]) => `${name} ${Math.round(box.width)}×${Math.round(box.height)}`)
"""
UNNAMED = """
() => [...document.querySelectorAll('button, a[href], textarea, input, img, audio')]
  .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') ||
    one.hasAttribute('alt') || (one.labels && one.labels.length)))
  .map((one) => one.outerHTML.slice(0, 100))
"""
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
async def screens(browser):
    """Close what a test opened, and fail if a page complained."""
    yield browser
    for context in browser.contexts:
        await context.close()


def watched(page) -> list[str]:
    """What the page complains about: errors, and whatever the content policy refused."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda line: said.append(line.text) if line.type in ("error", "warning") else None,
    )
    return said


def photograph(folder: Path) -> Path:
    picture = Image.new("RGB", (1200, 900), "#7fa6b8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 600, 1200, 900), fill="#7a5a3a")
    draw.polygon([(300, 600), (620, 330), (900, 600)], fill="#8c3b2a")
    picture.save(folder / "nha.jpg")
    return folder / "nha.jpg"


async def test_from_the_first_word_to_the_answer_on_one_page(screens, service, tmp_path):
    page, people = await open_demo(screens, service.address)
    complaints = watched(page)
    assert list(people) == ["citizen", "village_head", "officer", "leader"]
    citizen, officer = people["citizen"], people["officer"]
    code = await report(citizen, photo=photograph(tmp_path))
    await officer.hears(code)
    await officer.hears("Trần Văn Bình")
    picture = officer.frame.locator(".row.bot .media.photo img").last
    await expect(picture).to_be_visible()
    assert await picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 1200
    await officer.presses("Nhận")
    await citizen.hears("Cán bộ đã tiếp nhận")
    await officer.presses("Xác nhận")
    await officer.says("Hỗ trợ làm nhà 40 triệu đồng, Điều 12 NĐ 335/2026/NĐ-CP")
    await citizen.hears(re.compile("xác nhận.*hồ sơ|hồ sơ.*xác nhận"))
    await citizen.hears("Hỗ trợ làm nhà 40 triệu đồng")
    before = await citizen.texts()
    await page.reload()
    again = next(frame for frame in page.frames if "as=citizen" in frame.url)
    await expect(again.locator(".row .text")).to_have_count(len(before))
    assert not complaints


async def test_a_small_telephone_in_every_state(screens, service):
    page, citizen = await open_chat(screens, f"{service.address}chat")
    complaints = watched(page)
    for line in ("nhà tôi sập rồi", *STORY[:6], "[Hôm nay]"):
        await citizen.says(line)
        assert not await page.evaluate(TOO_WIDE), line
        assert await page.evaluate(SMALL) == [], line
        assert await page.evaluate(UNNAMED) == [], line
    for width in (320, 360, 412):
        await page.set_viewport_size({"width": width, "height": 640})
        assert not await page.evaluate(TOO_WIDE)
    box = await page.locator("#text").bounding_box()
    assert box and box["width"] >= 200
    await expect(page.locator("#sos")).to_be_visible()
    assert not complaints


async def test_the_demonstration_on_a_small_telephone(screens, service):
    page, _ = await open_demo(screens, service.address, viewport={"width": 360, "height": 740})
    assert not await page.evaluate(TOO_WIDE)
    assert await page.evaluate(SMALL) == []
    tab = page.get_by_role("tab", name="Cán bộ xã")
    await tab.click()
    await expect(page.locator("#officer iframe")).to_be_visible()
    await expect(page.locator("#citizen")).not_to_be_visible()
    await tab.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Lãnh đạo xã")).to_be_focused()


async def test_the_keyboard_alone_is_enough(screens, service):
    page, citizen = await open_chat(
        screens, f"{service.address}chat", is_mobile=False, has_touch=False, viewport=None
    )
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("nhà tôi sập rồi")
    await page.keyboard.press("Enter")
    await citizen.settled()
    await citizen.hears("nguy hiểm tính mạng")
    focused = "() => document.activeElement.className + ' ' + document.activeElement.textContent"
    for _ in range(40):
        await page.keyboard.press("Shift+Tab")
        if "Không" in await page.evaluate(focused):
            break
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Enter")
    await citizen.settled()
    assert "Không" in (await citizen.texts(".me"))[-1]
    log = page.get_by_role("log", name="Nội dung trò chuyện")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("textbox", name="Tin nhắn")).to_be_editable()


async def test_a_voice_note_is_recorded_and_can_be_played(screens, service):
    page, citizen = await open_chat(screens, f"{service.address}chat", permissions=["microphone"])
    await page.click("#voice")
    await expect(page.locator("#clock")).to_have_text("0:01")
    await page.click("#recordsend")
    await citizen.settled()
    await page.reload()
    player = page.locator(".row.me audio")
    await expect(player).to_be_visible()
    seconds = await player.evaluate(
        "async (a) => { a.muted = true; await a.play();"
        " await new Promise((done) => (a.ontimeupdate = () => a.currentTime > 0.2 && done()));"
        " return a.currentTime; }"
    )
    assert seconds > 0.2


async def test_a_position_is_sent_with_one_tap(screens, service):
    page, citizen = await open_chat(
        screens, f"{service.address}chat", permissions=["geolocation"], geolocation=HERE
    )
    await page.click("#place")
    await citizen.settled()
    await expect(page.locator(".row.me .place")).to_contain_text("15.20890, 108.76330")
    await citizen.hears("đã nhận vị trí")


async def test_files_that_are_no_use_are_said_so_at_once(screens, service, tmp_path):
    page, citizen = await open_chat(screens, f"{service.address}chat")
    large, broken = tmp_path / "phim.mp4", tmp_path / "hong.jpg"
    with large.open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    broken.write_bytes(b"\xff\xd8\xff broken")
    await page.set_input_files("#pickfile", large)
    await expect(page.locator("#notice")).to_contain_text("30 MB, quá lớn")
    await page.set_input_files("#pickphoto", broken)
    await page.fill("#text", "nhà bị ngập")
    await page.click("#send")
    await expect(page.locator(".row.refused")).to_contain_text("Ảnh bị hỏng")
    await page.get_by_role("button", name="Bỏ tệp lỗi, gửi phần còn lại").click()
    await citizen.settled()
    assert (await citizen.texts(".me")) == ["nhà bị ngập"]


async def test_a_new_browser_is_a_new_account(screens, service):
    _, one = await open_chat(screens, f"{service.address}chat")
    await one.says("trình đơn")
    _, other = await open_chat(screens, f"{service.address}chat")
    assert "trình đơn" not in await other.texts()


async def test_nothing_is_lost_or_doubled_when_the_service_is_killed(screens, service):
    page, citizen = await open_chat(screens, f"{service.address}chat")
    await citizen.says("trình đơn")
    before = await citizen.texts()
    await service.kill()
    await page.fill("#text", "nhà tôi sập rồi")
    await page.click("#send")
    await expect(page.locator("#banner")).to_contain_text("Mất kết nối")
    await expect(page.locator(".row.me").last).to_contain_text("sẽ tự gửi khi có mạng")
    second = await page.context.new_page()  # another tab knows of the message, too
    await service.start()
    await page.evaluate("() => document.getElementById('reconnect').click()")
    await citizen.settled()
    await expect(page.locator("#banner")).to_be_hidden()
    await citizen.hears("nguy hiểm tính mạng")
    after = await citizen.texts()
    assert after[: len(before)] == before
    assert [text for text in after if text == "nhà tôi sập rồi"] == ["nhà tôi sập rồi"]
    await second.goto(f"{service.address}chat")
    await expect(second.locator(".row .text")).to_have_count(len(after))


async def test_a_message_survives_the_page_too(screens, service):
    page, citizen = await open_chat(screens, f"{service.address}chat")
    await page.context.set_offline(True)
    await page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    await page.fill("#text", "hết gạo rồi")
    await page.click("#send")
    await expect(page.locator(".row.unsent")).to_contain_text("hết gạo rồi")
    await page.context.set_offline(False)
    await page.reload()
    await citizen.settled()
    assert (await citizen.texts(".me")).count("hết gạo rồi") == 1


async def test_two_tabs_tell_the_same_story(screens, service):
    page, one = await open_chat(screens, f"{service.address}chat")
    second = await page.context.new_page()
    await second.goto(f"{service.address}chat")
    await one.says("trình đơn")
    await expect(second.locator(".row.me .text")).to_have_text(["trình đơn"])
    await asyncio.sleep(0.2)
    tabs = [await tab.locator(".row .text").all_text_contents() for tab in (page, second)]
    assert tabs[0] == tabs[1]


async def test_a_link_with_a_word_opens_the_chat_that_knows_the_commune(screens, service):
    context = await screens.new_context()
    page = await context.new_page()
    await page.goto(f"{service.address}?start=c21109")
    await expect(page.locator(".row.bot .text").first).to_contain_text("tự động")
    await page.reload()
    await expect(page.locator(".row.bot .text")).to_have_count(1)
    await expect(page.locator(".row.me")).to_have_count(0)
