"""A first quote is answered without what only other commands and other input need."""

import json
import subprocess
import sys

import pytest

from gongji.cli.main import command_parser
from tests.support.clinic import visit

NEEDLESS = (
    "hashlib",
    "difflib",
    "json",
    "calendar",
    "rich",
    "gongji.core.engine.capitation",
    "gongji.core.engine.credit",
    "gongji.cli.book_arguments",
    "gongji.store",
)


def test_a_quote_needs_no_more_than_it_uses() -> None:
    begin = 'import sys; sys.argv = ["gongji", "quote"]; from gongji.main import main; status = main()'
    said = f"{begin}; print(*(one for one in {NEEDLESS} if one in sys.modules), file=sys.stderr); sys.exit(status)"
    text = json.dumps(visit("V1"))
    found = subprocess.run([sys.executable, "-c", said], input=text, capture_output=True, text=True, check=True)
    assert '"ok":true' in found.stdout
    assert found.stderr.split() == []


def test_its_arguments_are_those_it_has_among_all(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for parser in (command_parser(), command_parser("quote")):
        for given in ("--help", "--explian", "--policies", "a --data"):
            with pytest.raises(SystemExit):
                parser.parse_args(["quote", *given.split()])
        said.append(capsys.readouterr())
    assert "--explain" in said[0].out
    assert said[0] == said[1]
