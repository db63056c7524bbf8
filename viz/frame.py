"""The page a map is drawn on: paper, margins, room for heading and legend."""

from __future__ import annotations

from dataclasses import dataclass

from viz.layout import Area, paper_size
from viz.text import POINT

MARGIN = 9.0
HEADING, LEGEND = 25.0, 19.0
"""Height of heading and legend in mm on A3."""

LEAST_TYPE = 6.5
"""Points below which no text is set."""


@dataclass(frozen=True)
class Frame:
    """A page: its size in mm, the scale of heading and legend, and which page of how many it is."""

    paper: str
    width: float
    height: float
    scale: float
    page: int = 1
    pages: int = 1

    def type_size(self, points: float) -> float:
        """Size in mm of heading or legend text that has so many points on A3; never below what is legible."""
        return max(points * self.scale, LEAST_TYPE) * POINT

    @property
    def body(self) -> Area:
        """Where the lanes go."""
        top, bottom = MARGIN + HEADING * self.scale, MARGIN + LEGEND * self.scale
        return Area(MARGIN, top, self.width - 2 * MARGIN, self.height - top - bottom)


def frame_of(paper: str) -> Frame:
    """The frame of a paper; heading and legend grow with it, so that a poster is an enlarged sheet, and shrink less than it does.

    Raises
    ------
    InputError
        If there is no such paper.
    """
    width, height = paper_size(paper)
    share = width / 420.0
    return Frame(paper.upper(), width, height, max(share, share ** 0.5))
