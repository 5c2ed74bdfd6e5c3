"""Small pieces of Markdown."""

import textwrap
from collections.abc import Sequence

WIDTH = 120


def prose(text: str) -> str:
    """One paragraph, however it was broken in the source."""
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; all columns but the first are right-aligned."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def section(title: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", *parts])


def with_deviation(value: dict[str, float], digits: int = 3) -> str:
    return f"{value['mean']:.{digits}f} ± {value['deviation']:.{digits}f}"


def percent(share: float) -> str:
    """To a tenth; never minus zero."""
    return f"{round(100 * share, 1) + 0.0:.1f} %"
