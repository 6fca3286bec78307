"""`python -m gongji`."""

import sys

from gongji.main import main

sys.exit(main())
