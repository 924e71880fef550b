"""``python -m dlhand``: the command line."""

import sys

from dlhand.cli import main

sys.exit(main())
