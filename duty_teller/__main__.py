"""`python -m duty_teller` is `duty-teller`."""

import sys

from duty_teller.main import main

if __name__ == "__main__":
    sys.exit(main())
