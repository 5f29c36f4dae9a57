"""The town is on Zalo."""

import pytest

from tests.zalo_town import ZaloTown


@pytest.fixture
def town(zalo_town: ZaloTown) -> ZaloTown:
    return zalo_town
