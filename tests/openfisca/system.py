"""The system: entities, ``variables/`` and the dated figures of ``parameters/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from tests.openfisca.entities import entities

HERE = Path(__file__).parent


class QuangNgai(TaxBenefitSystem):
    def __init__(self) -> None:
        super().__init__(entities)
        self.add_variables_from_directory(str(HERE / "variables"))
        self.load_parameters(str(HERE / "parameters"))

    def get_package_metadata(self) -> dict[str, str]:
        """It is no package of its own."""
        return {"name": "tests.openfisca", "version": "0", "repository_url": "", "location": ""}


@cache
def system() -> QuangNgai:
    return QuangNgai()
