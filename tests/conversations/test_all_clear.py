"""An emergency is taken back in words; whoever was told of it hears that too."""

import pytest

from handlers.report_denials import denies
from tests.conversations.stories import case_of, draft, flow, officer, story_of


async def emergency(town, *said):
    """An emergency in Đông Sơn, its officer told, and its reporter asked for the village."""
    clerk = await officer(town)
    citizen = town.person("84900")
    for one in (*said, "Đông Sơn"):
        await citizen.says(one)
    assert "Ở thôn" in await citizen.hears()
    assert "Hồ sơ mới" in await clerk.hears()
    return citizen, clerk


@pytest.mark.parametrize(
    "said",
    ["ko co ai nguy hiem dau, bam nham", "tôi bấm nhầm, không có gì", "an toàn rồi", "nhắn lộn"],
)
async def test_nothing_but_the_button_ends_kindly_and_staff_hear_it(town, said):
    citizen, clerk = await emergency(town, "sos")
    code = citizen.code
    await citizen.play(f"""
        > {said}
        Vậy không còn ai nguy hiểm, phải không ạ?
        > [Đúng]
        Dạ, không sao ạ, mừng là không ai nguy hiểm. Đã rút hồ sơ {code} và báo cán bộ.
    """)
    assert await flow(citizen) is None
    assert (await case_of(citizen))["status"] == "withdrawn"
    heard = await clerk.hears()
    assert f"rút hồ sơ {code}" in heard and said in heard and "gọi lại" in heard
    await clerk.says(f"/xem {code}")
    assert said in await clerk.hears()


async def test_before_the_place_is_known_nothing_was_sent(town):
    citizen = town.person("84900")
    await citizen.play("""
        > sos
        xã, phường
        > chau bam nham
        Vậy không còn ai nguy hiểm, phải không ạ?
        > dạ đúng rồi
        Chưa có tin nào được gửi đi
    """)
    assert await flow(citizen) is None and not await case_of(citizen)


async def test_what_was_told_goes_on_as_a_calm_report(town):
    citizen, clerk = await emergency(town, "nhà tôi sập, mẹ tôi kẹt trong nhà")
    before = await case_of(citizen)
    await citizen.play("""
        > thôn 2
        > [Bỏ qua]
        mấy người?
        > không ai nguy hiểm nữa
        Vậy không còn ai nguy hiểm
        > không còn ai
        đã báo cán bộ là không còn ai nguy hiểm
        xin ông/bà cho phép
        > [Đồng ý]
        Do đâu
    """)
    case = await case_of(citizen)
    assert case["code"] == before["code"] and case["urgency"] == "high"
    assert "emergency" not in case["kinds"] and case["village"] == "thôn 2"
    assert "không còn ai nguy hiểm" in await clerk.hears()
    assert "calmed" in await story_of(town, case["code"])
    assert "không ai nguy hiểm nữa" in case["details"]["words"]


async def test_the_emergency_stands_when_somebody_is_in_danger_after_all(town):
    citizen, clerk = await emergency(town, "sos")
    await citizen.play("""
        > tôi bấm nhầm
        Vậy không còn ai nguy hiểm
        > không
        bấm Đúng
        > [Vẫn nguy hiểm]
        gọi ngay 112
        Ở thôn
    """)
    assert (await case_of(citizen))["urgency"] == "sos"
    assert (await draft(citizen))["danger"] == "yes"
    assert "rút" not in await clerk.hears()


async def test_taken_back_and_in_danger_again_is_told_again(town):
    citizen, clerk = await emergency(town, "nhà tôi sập, mẹ tôi kẹt trong nhà")
    await citizen.play("""
        > không ai nguy hiểm nữa
        > [Đúng]
        > /sos
        gọi ngay 112
    """)
    assert (await case_of(citizen))["urgency"] == "sos"
    heard = await clerk.hears()
    assert heard.index("không còn ai nguy hiểm") < heard.index("Hồ sơ mới")


async def test_silence_after_the_question_leaves_the_emergency_as_it_is(town):
    citizen, _ = await emergency(town, "sos")
    await citizen.says("bấm nhầm")
    await citizen.hears()
    town.later(minutes=4)
    await town.minute()
    case = await case_of(citizen)
    assert case["urgency"] == "sos" and case["status"] == "new"
    assert "bấm nhầm" in case["details"]["words"]


async def test_whoever_does_not_agree_to_the_calm_report_hears_what_stays(town):
    citizen, _ = await emergency(town, "nhà tôi sập, mẹ tôi kẹt trong nhà")
    await citizen.play("""
        > không ai nguy hiểm nữa
        > [Đúng]
        > [Không đồng ý]
        vẫn được cán bộ xem xét; không cần nữa thì rút
    """)


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("khong co ai nguy hiem", True),
        ("không còn ai nguy hiểm nữa ạ", True),
        ("dạ con bấm nhầm nút", True),
        ("cả nhà an toàn rồi", True),
        ("em lỡ tay", True),
        ("chưa an toàn", False),
        ("không ai nguy hiểm nhưng con tôi còn kẹt", False),
        ("không biết có nguy hiểm không", False),
        ("bấm nhầm, nước đang lên tới nóc rồi", False),
        ("báo nước lớn", False),
        ("quá nguy hiểm", False),
        ("con tôi ăn nhầm nấm", False),
        ("trượt tay té", False),
        ("cây gỗ lớn đè nhà", False),
        ("qua khỏi nguy hiểm rồi ạ", True),
        ("thôn Bình An", False),
        ("Bình An", False),
        ("nhà tôi an toàn", True),
        ("gần chợ Nhầm", False),
        ("không có ai giúp, nguy hiểm lắm", False),
        ("tôi an toàn rồi mà con tôi bị nước cuốn", False),
    ],
)
def test_what_takes_an_emergency_back(said, denied):
    assert denies(said) is denied
