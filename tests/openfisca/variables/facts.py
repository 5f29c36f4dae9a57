"""What is told of people and households."""

from datetime import date

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from tests.openfisca.entities import Household, Person


class Disability(Enum):
    none = "Không có giấy"
    light = "Nhẹ"
    severe = "Nặng"
    very_severe = "Đặc biệt nặng"


class Supporter(Enum):
    none = "Không có"
    on_benefit = "Có, đang hưởng trợ cấp xã hội"
    exists = "Có"


class Marital(Enum):
    never_married = "Chưa có chồng, vợ"
    widowed = "Chồng hoặc vợ đã chết"
    spouse_missing = "Mất tích"
    divorced = "Đã ly hôn"
    married = "Có chồng, vợ"


class Poverty(Enum):
    poor = "Hộ nghèo"
    near_poor = "Hộ cận nghèo"
    other = "Không"


class birth(Variable):
    value_type = date
    entity = Person
    label = "Ngày sinh"
    definition_period = DateUnit.ETERNITY


class age(Variable):
    value_type = int
    entity = Person
    label = "Tuổi tròn"
    definition_period = DateUnit.DAY

    def formula(person, period):
        born = person("birth", period)
        year = born.astype("datetime64[Y]").astype(int) + 1970
        month = born.astype("datetime64[M]").astype(int) % 12 + 1
        number = (born - born.astype("datetime64[M]")).astype(int) + 1
        start = period.start
        before = (start.month < month) + (start.month == month) * (start.day < number)
        return np.array(start.year - year - before)


class disability(Variable):
    value_type = Enum
    possible_values = Disability
    default_value = Disability.none
    entity = Person
    label = "Mức độ khuyết tật"
    definition_period = DateUnit.DAY


class supporter(Variable):
    value_type = Enum
    possible_values = Supporter
    default_value = Supporter.exists
    entity = Person
    label = "Người có nghĩa vụ phụng dưỡng"
    definition_period = DateUnit.DAY


class marital(Variable):
    value_type = Enum
    possible_values = Marital
    default_value = Marital.married
    entity = Person
    label = "Tình trạng hôn nhân"
    definition_period = DateUnit.DAY


class pension(Variable):
    value_type = int
    entity = Person
    label = "Lương hưu, trợ cấp bảo hiểm xã hội hằng tháng"
    definition_period = DateUnit.DAY


class studying(Variable):
    value_type = bool
    entity = Person
    label = "Đang học liên tục"
    definition_period = DateUnit.DAY


class receives_k4(Variable):
    value_type = bool
    entity = Person
    label = "Đang hưởng trợ cấp người đơn thân"
    definition_period = DateUnit.DAY


class poverty(Variable):
    value_type = Enum
    possible_values = Poverty
    default_value = Poverty.other
    entity = Household
    label = "Hộ nghèo, cận nghèo"
    definition_period = DateUnit.DAY


class difficult_area(Variable):
    value_type = bool
    entity = Household
    label = "Xã, thôn đặc biệt khó khăn"
    definition_period = DateUnit.DAY
