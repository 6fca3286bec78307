"""`python -m gongji`; with some options a child of the program, which has as little of it as will do."""

import sys
from importlib import import_module

_CHILDREN = {
    "--read-table": "spreadsheets.table_process",  # parses a foreign file
    "--read-pack": "pack_files.read_pack",  # the same for a pack
    "--verify-part": "desk.clinic.verify.verify_book",  # checks a part of the book
    "--impact-part": "desk.policies.impact_shares",  # settles the year of some people again
    "--name-words": "store.name_words",  # works out by which words names are found
}

option, *given = sys.argv[1:3] or [""]
if option in _CHILDREN:
    serve = import_module(f"gongji.{_CHILDREN[option]}").serve
    sys.exit(serve("".join(given)) if option == "--read-table" else serve())
else:
    from gongji.main import main

    sys.exit(main())
