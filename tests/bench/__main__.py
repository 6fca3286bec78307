"""`python -m tests.bench`: every figure in one run, beside its target. Nothing is asserted of a figure."""

from tests.bench import book, drain, engine, paper, peer, program, search, upload, window
from tests.bench.report import machine, print_section

_MEASUREMENTS = (
    engine.measure,
    program.measure_rate,
    program.measure_start,
    peer.measure,
    search.measure,
    book.measure,
    paper.measure,
    upload.measure,
    drain.measure,
    window.measure,
)


def main() -> None:
    """Measure and print; each part as soon as it is there."""
    print(machine())
    for measure in _MEASUREMENTS:
        print_section(measure())


if __name__ == "__main__":
    main()
