from dataclasses import replace
from datetime import timedelta

from models.deadlines.clocks import clocks, resume
from models.deadlines.explain import explain, legal_notes, render, render_vi
from tests.deadlines.when import at


def told(due, paused=()):
    return render_vi(explain(due, paused))


def test_working_hours_are_told_day_by_day():
    due = clocks(["hunger"], "normal", at("2026-11-23 09:12")).take
    assert (
        told(due)
        == """\
Nhận lúc 09:12 thứ Hai 23/11/2026.
Tính 8 giờ làm việc.
Thứ Hai 23/11: tính 5 giờ 48 phút.
Thứ Ba 24/11: nghỉ Ngày Văn hóa Việt Nam, không tính.
Thứ Tư 25/11: tính 2 giờ 12 phút.
Hạn: 09:12 thứ Tư 25/11/2026.
Đây là cam kết của UBND, không phải thời hạn luật định."""
    )


def test_working_days_name_what_is_skipped_and_the_article():
    due = clocks(["benefit_request"], "normal", at("2026-08-20 09:12")).answer
    assert (
        told(due)
        == """\
Nhận lúc 09:12 thứ Năm 20/08/2026.
Tính 10 ngày làm việc, không kể ngày nhận.
Thứ Năm 20/08: ngày nhận, không tính.
Thứ Sáu 21/08 – thứ Bảy 22/08: tính 2 ngày.
Thứ Bảy 22/08 là ngày làm bù nên vẫn tính.
Chủ nhật 23/08: nghỉ cuối tuần, không tính.
Thứ Hai 24/08 – thứ Sáu 28/08: tính 5 ngày.
Thứ Bảy 29/08 – Chủ nhật 30/08: nghỉ cuối tuần, không tính.
Thứ Hai 31/08: nghỉ hoán đổi với ngày 22/08/2026, không tính.
Thứ Ba 01/09 – thứ Tư 02/09: nghỉ Quốc khánh, không tính.
Thứ Năm 03/09 – thứ Sáu 04/09: tính 2 ngày.
Thứ Bảy 05/09 – Chủ nhật 06/09: nghỉ cuối tuần, không tính.
Thứ Hai 07/09: tính 1 ngày.
Hạn: 17:00 thứ Hai 07/09/2026.
Thời hạn luật định: Điều 5 NĐ 147/2025/NĐ-CP."""
    )


def test_waiting_for_the_citizen_is_shown():
    due = clocks(["hunger"], "normal", at("2026-11-25 16:00")).take
    pause = [(at("2026-11-25 16:30"), at("2026-11-26 08:00"))]
    assert (
        told(resume(due, pause), pause)
        == """\
Nhận lúc 16:00 thứ Tư 25/11/2026.
Tính 8 giờ làm việc.
Thứ Tư 25/11: tính 30 phút.
Từ 16:30 thứ Tư 25/11/2026 đến 08:00 thứ Năm 26/11/2026: chờ ông/bà trả lời, không tính.
Thứ Năm 26/11: tính 7 giờ.
Thứ Sáu 27/11: tính 30 phút.
Hạn: 07:30 thứ Sáu 27/11/2026.
Đây là cam kết của UBND, không phải thời hạn luật định."""
    )


def test_tet_not_announced_yet_is_said():
    text = told(clocks(["hunger"], "normal", at("2027-02-03 16:00")).take)
    assert "Thứ Năm 04/02 có thể được nghỉ (Tết Nguyên Đán) nhưng chưa công bố nên" in text
    assert "Lịch nghỉ sau ngày 31/12/2026 chưa công bố đủ" in text


def test_outside_working_time_it_says_when_the_count_begins():
    text = told(clocks(["benefit_request"], "normal", at("2026-11-20 19:12")).take)
    assert "Ngoài giờ làm việc: bắt đầu tính từ 07:00 thứ Hai 23/11/2026." in text


def test_an_emergency_is_told_in_minutes_and_hours():
    fixed = clocks(["emergency"], "sos", at("2026-11-24 01:00"))
    assert "Tính 30 phút liên tục, cả ngày lẫn đêm." in told(fixed.take)
    assert "Tính 24 giờ liên tục, cả ngày lẫn đêm." in told(fixed.answer)


def test_a_deadline_that_moved_from_a_day_off_says_so():
    due = clocks(["hunger"], "normal", at("2026-11-20 19:12")).answer
    rolling = resume(replace(due, last_day_off="next_working_day"), [])
    assert "Chủ nhật 22/11 là ngày nghỉ: hạn chuyển đến hết ngày làm việc" in told(rolling)


def test_a_legal_limit_beside_the_promise():
    assert render_vi(legal_notes(["death_missing"], at("2026-11-23 09:12"))) == (
        "Riêng theo luật: 3 ngày làm việc, kể từ ngày UBND xã nhận được Tờ khai (Mẫu số 03) "
        "(điểm c khoản 3 Điều 12, điểm a khoản 3 Điều 11 NĐ 335/2026/NĐ-CP)."
    )


def test_it_can_be_told_in_another_language():
    due = clocks(["hunger"], "sos", at("2026-11-23 09:12")).answer

    def t(message, **values):
        return {"Nhận lúc {at}.": "received {at}."}.get(message, "…").format_map(values)

    text = render(explain(due), t, lambda value: str(value)[:10])
    assert text.splitlines()[0] == "Received 2026-11-23."


def test_a_deadline_of_an_earlier_calendar_is_told_as_kept():
    due = clocks(["benefit_request"], "normal", at("2026-11-23 09:12")).answer
    earlier = replace(due, at=due.at - timedelta(days=1), calendar_version="before 24/11 was off")
    text = told(earlier)
    assert "hạn này được giữ nguyên" in text
    assert "Hạn: 17:00 thứ Tư 02/12/2026." in text
    assert "Thứ Ba 24/11" not in text
