"""Where the bundle's executable begins; window, command line and run process are told apart in `sciapp.__main__`."""

import sys

from sciapp.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
