"""What a card promises of the month a benefit begins."""

from datetime import date

import pytest

from handlers.benefits.signing import paid_from
from handlers.i18n import translator


@pytest.mark.parametrize(
    ("sent", "limit", "told"),
    [
        # seven working days; the 24th is a holiday
        (date(2026, 11, 2), 7, "nên **nộp trước cuối tháng 11/2026**"),
        (date(2026, 11, 18), 7, "nên **nộp trước cuối tháng 11/2026**"),
        (date(2026, 11, 19), 7, "hạn trả lời là thứ Ba 01/12/2026, nên có thể tính từ tháng 12"),
        (date(2026, 11, 25), 7, "hạn trả lời là thứ Sáu 04/12/2026, nên có thể tính từ tháng 12"),
        (date(2026, 12, 30), 7, "nên có thể tính từ tháng 1/2027"),
        (date(2026, 11, 25), None, "nên nộp sớm"),
        (date(2099, 11, 25), 7, "nên nộp sớm"),
    ],
)
def test_the_end_of_the_month_is_named_only_while_the_time_limit_ends_in_it(sent, limit, told):
    assert told in paid_from("từ tháng ký quyết định", limit, sent, translator("vi"))
