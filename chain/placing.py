"""What is said of a place whichever store is asked: its code and names, the regions around it, the registers that cover it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chain import region
from chain.errors import UnknownName

PARK = "park:"
"""What the id of a place begins with that is a park and no region."""


def code_of(place: str) -> str:
    """Code of a place that is a region, ``only:`` left off.

    Raises
    ------
    UnknownName
        If there is no such region.
    """
    code = place.removeprefix(region.ONLY)
    if not region.is_code(code):
        raise UnknownName("行政区", place, way_out="写六位代码或名称，如 140100、太原市")
    return code


def names_of(place: str, home: str | None) -> tuple[str, str]:
    """Name of a place, and its name with all regions around it; `home` is the region it lies in, for a region itself.

    >>> names_of("140105", "140105"), names_of("park:综改区", "140100")
    (('小店区', '山西省太原市小店区'), ('综改区', '山西省太原市综改区'))
    """
    if home == place:
        return region.name(place), region.full_name(place)
    name = place.removeprefix(PARK)
    return name, f"{region.full_name(home) if home else ''}{name}"


def outer(place: str, home: str | None) -> list[int]:
    """Numbers of the regions whose enterprises may lie in a place without saying so: those around it, and that of a park.

    >>> outer("140105", "140105"), outer("park:综改区", "140100"), outer("000000", "000000")
    ([140100, 140000, 0], [140000, 0, 140100], [])
    """
    if home is None or home == region.CHINA:
        return []
    return [int(code) for code in (*region.above(home), *([home] if place.startswith(PARK) else []))]


def covering(registers: pd.DataFrame, home: str | None) -> pd.DataFrame:
    """Those registers (rows of table ``sources`` with a region) that are complete for a place, newest first."""
    held = np.array([home is not None and region.contains(code, home) for code in registers["region"]], dtype=bool)
    return registers[held].sort_values(["as_of", "id"], ascending=[False, True]).reset_index(drop=True)
