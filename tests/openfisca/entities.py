"""The entities of the second opinion: people, and the household they live in."""

from openfisca_core.entities import build_entity

Household = build_entity(
    key="household",
    plural="households",
    label="Hộ gia đình",
    roles=[
        {"key": "parent", "label": "Cha hoặc mẹ của các con", "max": 1},
        {"key": "adult", "plural": "adults", "label": "Người lớn khác"},
        {"key": "child", "plural": "children", "label": "Con"},
    ],
)
Person = build_entity(key="person", plural="persons", label="Người", is_person=True)
entities = [Household, Person]
