"""Ids of gaps and targets: readable, the same on every machine, and enough to find the evidence again."""

from __future__ import annotations

from dataclasses import dataclass

from chain.errors import InputError

TARGET = "招引"


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
    return "/".join([action, chain, place, product])


def target_id(chain: str, place: str, product: str, enterprise: str) -> str:
    """Id of a target enterprise for a gap.

    >>> target_id("光伏", "140100", "光伏玻璃", "stock:601865")
    '招引/光伏/140100/光伏玻璃/stock:601865'
    """
    return "/".join([TARGET, chain, place, product, enterprise])


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
    parts = text.strip().split("/")
    if parts[0] == TARGET and len(parts) >= 5:
        *product, enterprise = parts[3:]
        return Reference(TARGET, parts[1], parts[2], "/".join(product), enterprise)
    if parts[0] in ("补链", "延链", "强链", "提链") and len(parts) >= 4:
        return Reference(parts[0], parts[1], parts[2], "/".join(parts[3:]), None)
    raise InputError(
        f"不认识的编号：{text!r}", way_out="编号写在 lianpu gaps 和 lianpu targets 结果的第一列，如 补链/光伏/140100/光伏玻璃"
    )
