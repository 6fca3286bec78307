"""`python -m gongji`."""

import sys

if sys.argv[1:2] == ["--read-table"]:  # the child that parses a foreign file, with as little of the program as will do
    from gongji.spreadsheets.table_process import serve

    sys.exit(serve(sys.argv[2] if len(sys.argv) > 2 else ""))  # noqa: PLR2004  # the option and a name

if sys.argv[1:2] == ["--read-pack"]:  # the same for a pack
    from gongji.pack_files.read_pack import serve as serve_pack

    sys.exit(serve_pack())

if sys.argv[1:2] == ["--verify-part"]:  # a child that checks a part of the book
    from gongji.desk.clinic.verify.verify_book import serve as serve_verify

    sys.exit(serve_verify())

if sys.argv[1:2] == ["--impact-part"]:  # a child that settles the year of some people again
    from gongji.desk.policies.impact_shares import serve as serve_impact

    sys.exit(serve_impact())

if sys.argv[1:2] == ["--name-words"]:  # a child that works out by which words names are found
    from gongji.store.name_words import serve as serve_names

    sys.exit(serve_names())

from gongji.main import main

sys.exit(main())
