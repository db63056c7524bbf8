"""Pages laid out anew, or with every box where it was in an earlier layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chain.errors import OutputError

if TYPE_CHECKING:
    from viz.layout import Part
    from viz.sheet import MapSheet


def laid_out(sheet: MapSheet, paper: str, pin: Path | None) -> tuple[list[Part], str]:
    """The pages of a map, each box where it was in the layout given as far as it fits, and words on how many are.

    Raises
    ------
    OutputError
        If the layout is for other paper or of another chain.
    """
    from viz import pinning
    from viz.frame import frame_of
    from viz.paging import lay_out

    frame = frame_of(paper)
    if pin is None:
        return lay_out(sheet.lanes, frame), ""
    kept = pinning.read_layout(pin)
    if kept.paper != frame.paper:
        raise OutputError(f"布局文件 {pin.name} 是 {kept.paper} 纸的，这次要 {frame.paper}", way_out=f"加 --paper {kept.paper}，或不用 --pin")
    if pinning.strange(kept, sheet.lanes, sheet.chain):
        raise OutputError(f"布局文件 {pin.name} 是产业链「{kept.chain or '未注明'}」的，这次画的是「{sheet.chain}」",
                          way_out="换成这条链自己的布局文件，或不用 --pin")
    parts = pinning.keep(kept, sheet.lanes, frame)
    same, total = pinning.unmoved(kept, parts or [])
    told = f"上次的框有 {total} 个还在，{same} 个位置未变" if parts else "阶段变了或放不下，重新排版"
    return parts or lay_out(sheet.lanes, frame), f"沿用布局 {pin.name}：{told}。"


def saved(parts: list[Part], sheet: MapSheet, paper: str) -> bytes:
    """The layout of pages, as the next map can take it up."""
    from viz import pinning
    from viz.frame import frame_of

    return pinning.to_json(pinning.layout_of(parts, frame_of(paper).paper, sheet.chain)).encode("utf-8")
