"""`python -m ohmatdyt.cli`: the same as the command `ohmatdyt`."""

import sys

from ohmatdyt.cli import main

if __name__ == "__main__":
    sys.exit(main())
