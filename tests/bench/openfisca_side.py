"""The general outpatient rule of 520300 in OpenFisca-Core, timed: run by the Python of .venv-bench, by itself.

Reads a JSON request on standard input (a day, and for each input variable a column) and prints timings
and results as JSON. The rule is written the way OpenFisca's documentation has it: figures as dated parameters, one
variable for each amount, amounts as floats in yuan. The row of a figure is chosen by
`numpy.select`, which is faster than OpenFisca's own indexing of parameters by an array.
"""

# OpenFisca is not installed where mypy runs, so its classes are of no known type there.
# mypy: disable-error-code="import-not-found, misc"

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter_ns
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

STARTS = "2023-01-01"
FEN_PER_YUAN = 100
PERSON = build_entity(key="person", plural="persons", label="参保人", is_person=True)


class Level(Enum):
    """The institution's level; 1 is unrated ones as well."""

    level_1 = "一级及以下"
    level_2 = "二级"
    level_3 = "三级"


class Status(Enum):
    """The person's status on the day."""

    employed = "在职"
    retired = "退休"


def deductible(person: Any, period: Any, parameters: Any) -> Any:
    """Take what is left of the year's deductible out of the eligible expense."""
    left = numpy.maximum(0, parameters(period).deductible - person("deductible_before", period))
    return numpy.minimum(person("eligible", period), left)


def fund(person: Any, period: Any, parameters: Any) -> Any:
    """Pay the ratio of level and status, half up to the fen, as far as the year's cap goes."""
    figures, level = parameters(period), person("level", period)
    of_level = figures.ratio
    ratio = numpy.select(
        [level == Level.level_1, level == Level.level_2, level == Level.level_3],
        [of_level.level_1, of_level.level_2, of_level.level_3],
    )
    ratio = ratio + figures.retired_points * (person("status", period) == Status.retired)
    share = (person("eligible", period) - person("deductible", period)) * ratio
    half_up = numpy.floor(share * FEN_PER_YUAN + 0.5 + figures.tolerance) / FEN_PER_YUAN
    return numpy.minimum(half_up, numpy.maximum(0, figures.cap - person("fund_before", period)))


def patient(person: Any, period: Any) -> Any:
    """Leave the rest to the patient."""
    return person("eligible", period) - person("fund", period)


def _variable(name: str, kind: Any, formula: Callable[..., Any] | None = None) -> Any:
    """Return a variable class: an input, or what a formula says; choices are the first of their kind by default."""
    parts: dict[str, Any] = {"value_type": kind, "entity": PERSON, "definition_period": DateUnit.DAY, "label": name}
    if issubclass(kind, Enum):
        parts |= {"value_type": Enum, "possible_values": kind, "default_value": next(iter(kind))}
    if formula is not None:
        parts["formula"] = formula
    return type(name, (Variable,), parts)


def _dated(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _dated(value) if isinstance(value, dict) else {"values": {STARTS: {"value": value}}}
        for name, value in figures.items()
    }


def system(tolerance: float = 0) -> Any:
    """Return the rule as a tax and benefit system; what is short of half a fen by the tolerance counts as the half."""
    figures = {
        "deductible": 150,
        "cap": 2000,
        "retired_points": 0.05,
        "ratio": {"level_1": 0.70, "level_2": 0.60, "level_3": 0.50},
        "tolerance": tolerance,
    }
    made = TaxBenefitSystem([PERSON])
    made.parameters = ParameterNode("", data=_dated(figures))
    choices = [_variable("level", Level), _variable("status", Status)]
    inputs = [_variable(name, float) for name in ("eligible", "deductible_before", "fund_before")]
    results = [_variable(formula.__name__, float, formula) for formula in (deductible, fund, patient)]
    made.add_variables(*choices, *inputs, *results)
    return made


def one_person(rule: Any, situation: dict[str, Any], day: str) -> tuple[Any, Any]:
    """Build a simulation of one person and calculate what the fund and the patient pay."""
    simulation = SimulationBuilder().build_from_entities(rule, situation)
    return simulation.calculate("fund", day), simulation.calculate("patient", day)


def many_persons(rule: Any, columns: dict[str, Any], day: str) -> tuple[Any, Any]:
    """Build a simulation of all persons from arrays and calculate what the fund and the patients pay."""
    simulation = SimulationBuilder.build_default_simulation(rule, len(columns["eligible"]))
    for name, column in columns.items():
        simulation.set_input(name, day, column)
    return simulation.calculate("fund", day), simulation.calculate("patient", day)


def _timed(work: Callable[..., Any], *arguments: Any) -> tuple[int, Any]:
    start = perf_counter_ns()
    result = work(*arguments)
    return perf_counter_ns() - start, result


def _fen(yuan: Any) -> list[int]:
    return [int(fen) for fen in numpy.rint(yuan.astype(float) * FEN_PER_YUAN)]


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    day, columns, rule = request["day"], request["columns"], system()
    arrays = {name: numpy.array(column) for name, column in columns.items()}
    arrays |= {"level": Level.encode(arrays["level"]), "status": Status.encode(arrays["status"])}
    situations = [
        {"persons": {"one": {name: {day: column[index]} for name, column in columns.items()}}}
        for index in range(request["singles"])
    ]
    singles = [_timed(one_person, rule, one, day) for _ in range(request["single_rounds"] + 1) for one in situations]
    many = [_timed(many_persons, rule, arrays, day) for _ in range(request["many_rounds"] + 1)]
    plain, tolerant = many[-1][1], many_persons(system(request["tolerance"]), arrays, day)
    answer = {
        "version": f"OpenFisca-Core {version('OpenFisca-Core')}, NumPy {numpy.__version__}",
        "dtype": str(plain[0].dtype),
        "single_ns": [taken for taken, _ in singles[len(situations) :]],
        "many_ns": [taken for taken, _ in many[1:]],
        "plain": [_fen(amounts) for amounts in plain],
        "tolerant": [_fen(amounts) for amounts in tolerant],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
