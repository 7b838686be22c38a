"""A figure's last minutes as a small curve: points of an SVG, made here so that no script has to."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 120, 32


class Curve(NamedTuple):
    """Points of a line and of the area below it."""

    line: str
    area: str


def curve(values: Sequence[float]) -> Curve | None:
    """None when there is nothing to draw yet."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    most = max(*values, 1.0)
    step = WIDTH / (len(values) - 1)
    points = [f"{n * step:.1f},{HEIGHT - 2 - value / most * (HEIGHT - 4):.1f}" for n, value in enumerate(values)]
    line = " ".join(points)
    return Curve(line, f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}")
