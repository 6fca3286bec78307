"""`python -m gongji`."""

import sys

if sys.argv[1:2] == ["--read-table"]:  # the child that parses a foreign file, with as little of the program as will do
    from gongji.spreadsheets.table_process import serve

    sys.exit(serve(sys.argv[2] if len(sys.argv) > 2 else ""))  # noqa: PLR2004  # the option and a name

from gongji.main import main

sys.exit(main())
