"""How moments and lengths of time are said."""

from datetime import timedelta

import pytest

from handlers.times import span


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=20), "20 giây"),
        (timedelta(seconds=59.9), "59 giây"),
        (timedelta(minutes=1), "1 phút"),
        (timedelta(minutes=-90), "1 giờ 30 phút"),
        (timedelta(days=2, hours=3, minutes=59), "2 ngày 3 giờ"),
    ],
)
def test_a_span_is_never_nothing(length, said):
    assert span(length, lambda text, **values: text.format(**values)) == said
