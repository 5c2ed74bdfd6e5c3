"""One kind of error for everything that a user can put right, told in one line."""

import sys
from collections.abc import Callable


class ExportError(Exception):
    """What failed, on which file, and what to do."""


def run(main: Callable[[], None]) -> None:
    """Runs a command line's `main`; an ExportError ends it with its one line and status 1, not with a trace."""
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
