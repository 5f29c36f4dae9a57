"""Words that sound like danger where an answer is awaited: none is lost, nobody unheard."""

from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.understand import understand
from models.outbox import Lane, Outbox
from tests.conversations.stories import case_of, draft, flow, officer, reported, story_of

HANDLERS = Path(__file__).parents[2] / "handlers"


def sounding_like_danger():
    """A short message in which the labelled examples alone hear danger, no rule does."""
    rows = (HANDLERS / "lexicon/examples.tsv").read_text("utf-8").splitlines()
    texts = (row.split("\t")[1] for row in rows if row.endswith("\tsos"))
    short = (text for text in texts if len(text.split()) < 9)
    return next(text for text in short if (read := understand(text)).danger and not read.by_rule)


async def asked(town, question="nhà mình có chỗ ở tạm chưa?"):
    """A citizen whom an officer has asked something, and the officer."""
    clerk = await officer(town)
    citizen = await reported(town)
    await clerk.says(f"/hoi {citizen.code} {question}")
    assert question in await citizen.hears()
    await clerk.hears()
    return citizen, clerk


async def asked_about_danger(town):
    """A citizen who reads «Ngay lúc này có ai đang nguy hiểm tính mạng không?»."""
    citizen = town.person("84900")
    await citizen.says("nhà tôi sập rồi")
    assert "nguy hiểm tính mạng" in await citizen.hears()
    return citizen


async def test_an_answer_is_the_answer(town):
    citizen, clerk = await asked(town)
    code = citizen.code
    await citizen.says("dạ có rồi, ở nhà anh hai")
    assert "đã chuyển câu trả lời cho cán bộ" in await citizen.hears()
    assert await flow(citizen) is None and (await case_of(citizen))["code"] == code
    assert "ở nhà anh hai" in await clerk.hears()


async def test_an_answer_that_only_sounds_like_danger_is_the_answer(town):
    citizen, clerk = await asked(town)
    code, said = citizen.code, sounding_like_danger()
    await citizen.play(f"""
        > {said}
        gọi ngay 112
        đã chuyển câu trả lời cho cán bộ
    """)
    assert await flow(citizen) is None
    case = await case_of(citizen)
    assert case["code"] == code and case["waiting_since"] is None
    assert (await story_of(town, code))[-1] == "answered"
    heard = await clerk.hears()
    assert "Có thể đang nguy hiểm tính mạng" in heard and said in heard
    lanes = await town.rows(select(Outbox.lane).order_by(Outbox.id.desc()).limit(2))
    assert {row.lane for row in lanes} == {Lane.URGENT}
    # if it is danger after all, one tap
    await citizen.says("[🆘 Đang nguy hiểm]")
    assert "xã, phường" in await citizen.hears()


async def test_danger_beyond_doubt_is_an_emergency_and_still_the_answer(town):
    citizen, clerk = await asked(town, "Nhà còn ai không?")
    code = citizen.code
    await citizen.play("""
        > cứu với nước lên tới nóc rồi, xã Đông Sơn
        gọi ngay 112
        đã chuyển câu trả lời cho cán bộ
        Đã báo khẩn tới cán bộ Xã Đông Sơn
    """)
    urgent = await case_of(citizen)
    assert urgent["code"] != code and urgent["urgency"] == "sos"
    assert (await story_of(town, code))[-1] == "answered"
    assert (await case_of(citizen, code))["waiting_since"] is None
    heard = await clerk.hears()
    assert f"trả lời ({code})" in heard and "Hồ sơ mới" in heard


async def test_the_same_after_the_button_under_the_question(town):
    citizen, _ = await asked(town)
    code = citizen.code
    await citizen.says("[✍ Trả lời]")
    await citizen.hears()
    await citizen.says(sounding_like_danger())
    assert "đã chuyển câu trả lời" in await citizen.hears()
    assert await flow(citizen) is None and (await case_of(citizen))["code"] == code


async def test_over_another_form_the_answer_arrives_and_the_form_goes_on(town):
    citizen, _ = await asked(town)
    code = citizen.code
    await citizen.says("gặp cán bộ")
    await citizen.hears()
    await citizen.says(sounding_like_danger())
    heard = await citizen.hears()
    assert "gọi ngay 112" in heard and "đã chuyển câu trả lời" in heard
    assert "muốn hỏi hoặc nhờ cán bộ việc gì" in heard
    assert (await case_of(citizen, code))["waiting_since"] is None


@pytest.mark.parametrize(
    "said",
    [
        "ko, bác sĩ bảo qua cơn nguy kịch rồi",
        "không, mẹ tôi tỉnh lại rồi",
        "dạ không, cả nhà thoát ra được hết rồi",
    ],
)
async def test_no_with_a_word_about_what_is_over_is_no(town, said):
    citizen = await asked_about_danger(town)
    await citizen.says(said)
    heard = await citizen.hears()
    assert "🆘" not in heard and "Đồng ý" in str(citizen.last[-1].buttons)
    assert (await draft(citizen))["danger"] == "no"


async def test_too_dangerous_is_not_past_danger(town):
    citizen = await asked_about_danger(town)
    await citizen.says("quá nguy hiểm")
    assert (await draft(citizen)).get("danger") != "no"


@pytest.mark.parametrize(
    "said",
    [
        "không, nhưng nước đang lên tới nóc",
        "không, mà con tôi còn kẹt trong nhà",
        "không, nước đang lên tới nóc, cứu với",
    ],
)
async def test_no_and_danger_all_the_same(town, said):
    citizen = await asked_about_danger(town)
    await citizen.says(said)
    assert (await citizen.hears()).startswith("🆘")
    assert (await draft(citizen))["danger"] == "yes"
