"""A whole report, as the tests that need one on the way tell it."""

from tests.people import Somebody, Town

REPORT = (
    "nhà tôi sập rồi",
    "khong",
    "[Đồng ý]",
    "dong son",
    "thôn Phước Thiện",
    "gần chợ",
    "[Bão]",
    "[Hôm nay]",
    "1",
    "Trần Văn Bình",
    "4",
    "2 trẻ nhỏ, 1 người già",
    "ho ngheo",
    "0912.345.678",
    "[Xong]",
)


async def almost_sent(town: Town, name: str, channel: str = "webchat") -> Somebody:
    """Somebody who has answered everything and has only «Gửi» left to press."""
    citizen = town.person(name, channel)
    for said in REPORT:
        await citizen.says(said)
        await citizen.unread()
    return citizen
