"""The five training sets: their clinics, sizes, and the invented figures nobody has published."""

import datetime
from typing import Any

from msgspec import Struct

from gongji.core.engine.policy import Policy
from gongji.core.problems import Problem
from gongji.core.visits import Institution
from gongji.pack_files.library import Library

TODAY = datetime.date(2026, 11, 22)
NOTICE = "培训用虚构数额，不是真实文件"

INPATIENT = {
    "inpatient_ratio": {
        "employed": {"1": "0.90", "2": "0.85", "3": "0.80"},
        "retired": {"1": "0.94", "2": "0.89", "3": "0.84"},
    },
    "inpatient_deductible": {"1": "220", "2": "450"},
    "inpatient_cap": "61500",
    "average_pension": "3186.40",
}


class Area(Struct, frozen=True, kw_only=True):
    """One training set. `prepay` changes ratios of the source tables into this area's; `elsewhere` holds two areas
    that account holders live in, the first in the same province.
    """

    code: str
    clinic: str
    level: str = "1"
    people: int = 130
    families: int = 8
    local_surnames: str
    elsewhere: tuple[str, str]
    guests: tuple[str, ...] = ("530300", "530300")
    prepay: dict[str, str] = {}
    parameters: dict[str, Any] = {}

    @property
    def institution(self) -> Institution:
        """The clinic; its number has a county code that no county has, like the people's."""
        return Institution(
            id=f"H{invented_county(self.code)}00001", name=self.clinic, type="township_clinic", level=self.level
        )


AREAS = (
    Area(
        code="530300",
        clinic="曲水乡卫生院（培训）",
        people=300,
        families=22,
        local_surnames="孔晏缪念",
        elsewhere=("530100", "440100"),
        guests=("520300", "520300", "511900", "445300"),
        parameters=INPATIENT,
    ),
    Area(
        code="520300",
        clinic="清溪镇卫生院（培训）",
        local_surnames="冉骆田",
        elsewhere=("520100", "330100"),
        prepay={"0.05": "0.10", "0.15": "0.20"},
        parameters={"average_pension_2021": "3024.75"},
    ),
    Area(
        code="620800",
        clinic="柳河乡卫生院（培训）",
        level="unrated",
        local_surnames="马柳",
        elsewhere=("620100", "650100"),
    ),
    Area(
        code="511900",
        clinic="青山镇卫生院（培训）",
        local_surnames="何苟岳",
        elsewhere=("510100", "500100"),
        prepay={"0.05": "0.06", "0.10": "0.08"},
        parameters={"average_pension_2022": {"government": "5213.60", "enterprise": "2874.15"}},
    ),
    Area(
        code="445300",
        clinic="榕水镇卫生院（培训）",
        local_surnames="梁冼区",
        elsewhere=("440100", "450100"),
        prepay={"0.15": "0.10"},
        parameters={"average_wage": {"2020": "70358.00", "2021": "75921.00", "2022": "78466.50", "2023": "80127.30"}},
    ),
)


def invented_county(area: str) -> str:
    """Return the county code that stands for all of an area here: no county has 99."""
    return area[:4] + "99"


def settle_on(policy: Policy) -> datetime.date:
    """Return the day this set settles on: today, or nine days before its policy ended."""
    if policy.in_force(TODAY):
        return TODAY
    assert policy.last_day is not None
    return policy.last_day - datetime.timedelta(days=9)


def policy_on(library: Library, area: str, on: datetime.date) -> Policy | None:
    """Return the policy in force, if there is one."""
    found = library.in_force(area, on)
    return None if isinstance(found, Problem) else found


def newest_policy(library: Library, area: str) -> Policy:
    """Return the newest edition of an area."""
    return library.editions(area)[-1]
