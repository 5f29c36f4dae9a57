"""Five benefits, each as the law of a day has it; what is paid together is not settled here."""

from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from tests.openfisca.entities import Household, Person


class social_pension(Variable):
    value_type = int
    entity = Person
    label = "Trợ cấp hưu trí xã hội"
    reference = "NĐ 176/2025/NĐ-CP Điều 2; NĐ 335/2026/NĐ-CP Điều 31"
    definition_period = DateUnit.DAY

    def formula_2025_07_01(person, period, parameters):
        level = parameters(period).benefits.social_pension
        age = person("age", period)
        poverty = person.household("poverty", period)
        on_the_list = (poverty == poverty.possible_values.poor) + (
            poverty == poverty.possible_values.near_poor
        )
        of_age = (age >= 75) + (age >= 70) * on_the_list
        return of_age * (person("pension", period) < level) * level


class tcxh_k5a(Variable):
    value_type = int
    entity = Person
    label = "Người cao tuổi nghèo không có người phụng dưỡng"
    reference = "điểm a khoản 5 Điều 5"
    definition_period = DateUnit.DAY

    def formula_2021_07_01(person, period, parameters):
        benefits = parameters(period).benefits
        age = person("age", period)
        poverty = person.household("poverty", period)
        supporter = person("supporter", period)
        alone = supporter != supporter.possible_values.exists
        doubled = 3 + (age >= benefits.elderly_upper_age)  # the coefficient, twice
        due = (age >= 60) * (poverty == poverty.possible_values.poor) * alone
        return due * doubled * benefits.standard // 2


class tcxh_k6(Variable):
    value_type = int
    entity = Person
    label = "Người khuyết tật nặng, đặc biệt nặng"
    reference = "khoản 6 Điều 5"
    definition_period = DateUnit.DAY

    def formula_2021_07_01(person, period, parameters):
        age = person("age", period)
        degree = person("disability", period)
        very = degree == degree.possible_values.very_severe
        severe = degree == degree.possible_values.severe
        child_or_elderly = (age < 16) + (age >= 60)
        doubled = 3 + very + child_or_elderly
        return (very + severe) * doubled * parameters(period).benefits.standard // 2


class tcxh_k7(Variable):
    value_type = int
    entity = Person
    label = "Trẻ dưới 3 tuổi ở vùng đặc biệt khó khăn"
    reference = "khoản 7 Điều 5"
    definition_period = DateUnit.DAY

    def formula_2021_07_01(person, period, parameters):
        poverty = person.household("poverty", period)
        listed = poverty != poverty.possible_values.other
        small = person("age", period) < 3
        due = small * listed * person.household("difficult_area", period)
        return due * 3 * parameters(period).benefits.standard // 2


class tcxh_k4(Variable):
    value_type = int
    entity = Person
    label = "Người đơn thân nghèo nuôi con"
    reference = "khoản 4 Điều 5"
    definition_period = DateUnit.DAY

    def formula_2026_10_05(person, period, parameters):
        household = person.household
        under_16 = household.sum(household.members("age", period) < 16, role=Household.CHILD)
        older = household.sum(
            (household.members("age", period) >= 16) * household.members("studying", period),
            role=Household.CHILD,
        )
        counted = under_16 + older * person("receives_k4", period)
        return _single(person, period) * counted * parameters(period).benefits.standard

    def formula_2021_07_01(person, period, parameters):
        household = person.household
        ages = household.members("age", period)
        to_22 = (ages >= 16) * (ages <= 22) * household.members("studying", period)
        counted = household.sum((ages < 16) + to_22, role=Household.CHILD)
        return _single(person, period) * counted * parameters(period).benefits.standard


def _single(person, period):
    marital = person("marital", period)
    values = marital.possible_values
    alone = (
        (marital == values.never_married)
        + (marital == values.widowed)
        + (marital == values.spouse_missing)
    )
    poverty = person.household("poverty", period)
    parent = person.has_role(Household.PARENT)
    return alone * parent * (poverty != poverty.possible_values.other)
