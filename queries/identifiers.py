"""Ids of gaps and targets: readable, the same on every machine, and enough to find the evidence again.

Parts are joined by ``/``. A ``/`` within a part is written ``%2F`` (and ``%2F``, ``%25`` as ``%252F``, ``%2525``), so that an
id leads back to the very parts it was made of, whatever a firm calls itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chain.errors import InputError

TARGET = "招引"
ACTIONS = ("补链", "延链", "强链", "提链", "先核实")


@dataclass(frozen=True)
class Reference:
    """What an id points to; `enterprise` is None for a gap."""

    action: str
    chain: str
    place: str
    product: str
    enterprise: str | None


def gap_id(action: str, chain: str, place: str, product: str) -> str:
    """Id of a gap.

    >>> gap_id("补链", "光伏", "140100", "光伏玻璃")
    '补链/光伏/140100/光伏玻璃'
    """
    return "/".join(_written(part) for part in (action, chain, place, product))


def target_id(chain: str, place: str, product: str, enterprise: str) -> str:
    """Id of a target enterprise for a gap.

    >>> target_id("光伏", "140100", "光伏玻璃", "stock:601865")
    '招引/光伏/140100/光伏玻璃/stock:601865'
    """
    return "/".join(_written(part) for part in (TARGET, chain, place, product, enterprise))


def looks_like_one(text: str) -> bool:
    """Whether a text is meant as an id of a gap or target: it has an action and slashes.

    >>> looks_like_one("补链/光伏/140100/光伏玻璃"), looks_like_one("太原重工股份有限公司")
    (True, False)
    """
    return "/" in text and text.strip().partition("/")[0] in (*ACTIONS, TARGET)


def parse(text: str) -> Reference:
    """What an id points to.

    Raises
    ------
    InputError
        If it is no id of ours.

    Examples
    --------
    >>> parse("招引/光伏/140100/光伏玻璃/stock:601865").enterprise
    'stock:601865'
    """
    parts = [_read(part) for part in text.strip().split("/")]
    if parts[0] == TARGET and len(parts) == 5:
        return Reference(TARGET, parts[1], parts[2], parts[3], parts[4])
    if parts[0] in ACTIONS and len(parts) == 4:
        return Reference(parts[0], parts[1], parts[2], parts[3], None)
    raise InputError(
        f"不认识的编号：{text!r}",
        way_out="编号写在 lianpu gaps 和 lianpu targets 结果的「编号」一列，如 补链/光伏/140100/光伏玻璃；名称里的 / 写作 %2F",
    )


def _written(part: str) -> str:
    return re.sub("%(?=2F|25)", "%25", part).replace("/", "%2F")


def _read(part: str) -> str:
    return re.sub("%(2F|25)", lambda found: "/" if found[1] == "2F" else "%", part)
