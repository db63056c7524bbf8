"""Finding products and enterprises by what people type: a part of the name, an alias, pinyin or its first letters, a stock code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from chain.errors import near_names
from viz.pinyin import initials, spelled

Plain = dict[str, Any]

MOST_NEAR = 5000
"""Near names are looked for on this chain alone where the store holds more products than these: comparing takes long."""


def find(chain: Plain, products: list[Plain], firms: Callable[[str], list[Plain]], text: str, kind: str, limit: int) -> Plain:
    """What fits a text, best first; near names where nothing does.

    Parameters
    ----------
    chain
        The chain looked at, see `viz.explorer.contents`: its products and enterprises come first.
    products
        Every product of the store, each with its ``words``: name, initials and aliases in small letters, in which a text is sought first.
    firms
        Enterprises of the whole store whose name contains a text, or that have it as stock code.

    Returns
    -------
    dict
        ``hits`` and, where there are none, ``near``: id, name, kind, look, note, and chains for a product of other chains.
    """
    asked = " ".join(text.split()).lower()
    if not asked:
        return {"hits": [], "near": []}
    own: list[tuple[int, Plain]] = []
    if kind != "firm":
        own += [(0, _product(each, chain)) for each in chain["products"]]
    if kind != "product":
        own += [(1, _firm(each)) for each in chain["firms"].values()]
    aliases = {each["id"]: each["aliases"] for each in products}
    found = [(score, where, each) for where, each in own if (score := fit(asked, each, aliases.get(each["id"], ()))) < 9]
    if kind != "firm":
        here = {each["id"] for each in chain["products"]}
        likely = (each for each in products if asked in each["words"] and each["id"] not in here)
        found += [(score, 2, _elsewhere(each)) for each in likely if (score := fit(asked, each, each["aliases"])) < 9]
    if kind != "product" and len(asked) >= 2 and not re.fullmatch("[a-z]+", asked):
        known = {each["id"] for _, _, each in found}
        on_page = chain["firms"]
        found += [(3, 3, _firm(on_page[each["id"]]) if each["id"] in on_page else _stranger(each))
                  for each in firms(text) if each["id"] not in known]
    found.sort(key=lambda hit: (hit[0], hit[1], len(hit[2]["name"]), hit[2]["name"], hit[2]["id"]))
    hits = [_shown(each) for _, _, each in found[:limit]]
    if hits:
        return {"hits": hits, "near": []}
    others = [] if kind == "firm" or len(products) > MOST_NEAR else [_elsewhere(each) for each in products if each["id"] not in here]
    return {"hits": [], "near": [_shown(each) for each in _near(asked, [*(each for _, each in own), *others])]}


def find_local(firms: Iterable[Plain], text: str, limit: int) -> Plain:
    """Like `find`, among the enterprises of the place that make something of the chain: id and name each."""
    asked = " ".join(text.split()).lower()
    pool = [{**each, "pinyin": initials(each["name"]), "kind": "firm", "look": "", "note": "本地企业"} for each in firms]
    found = sorted((score, len(each["name"]), each["name"], each["id"]) for each in pool if asked and (score := fit(asked, each, ())) < 9)
    by_id = {each["id"]: each for each in pool}
    hits = [by_id[own] for *_, own in found[:limit]]
    return {"hits": [_shown(each) for each in hits], "near": [_shown(each) for each in _near(asked, pool)] if asked and not hits else []}


def fit(asked: str, each: Plain, aliases: Iterable[str]) -> int:
    """How well a name answers a text: 0 exactly, 1 at its start, 2 by pinyin, 3 within, 4 by an alias, 5 within the pinyin, 9 not.

    >>> fit("smdj", {"name": "石墨电极", "pinyin": "smdj"}, ()), fit("电极", {"name": "石墨电极", "pinyin": "smdj"}, ())
    (2, 3)
    >>> fit("dongli", {"name": "动力电池", "pinyin": "dldc"}, ()), fit("dianchi", {"name": "动力电池", "pinyin": "dldc"}, ())
    (2, 5)
    """
    name, readings = each["name"].lower(), each["pinyin"].split(" ")
    if name == asked:
        return 0
    if name.startswith(asked):
        return 1
    letters = bool(re.fullmatch(r"[a-z0-9]+", asked))
    if letters and any(reading.startswith(asked) for reading in readings):
        return 2
    if asked in name:
        return 3
    if any(asked in alias.lower() for alias in aliases):
        return 4
    if letters and len(asked) > 1 and any(asked in reading for reading in readings):
        return 5
    # the whole pinyin: typed from the start of a name, or long enough to mean a part of it
    whole = spelled(each["name"]) if asked.isalpha() and len(asked) > 2 and letters and each["pinyin"] else ""
    return 2 if whole.startswith(asked) and whole else 5 if len(asked) > 4 and asked in whole else 9


def _near(asked: str, pool: Iterable[Plain]) -> list[Plain]:
    by_name = {each["name"]: each for each in pool if _alike(asked, each["name"].lower())}
    # two names can be alike by half only if so many letters of the one are in the other: this spares comparing most of them
    alike = [name for name in by_name if 4 * sum(letter in name for letter in asked) >= len(asked) + len(name) or name in asked]
    near = near_names(asked, alike)
    if not near:  # a shared character is better than nothing
        shared = {name: len(set(asked) & set(name.lower())) for name in by_name}
        near = sorted((name for name, count in shared.items() if count), key=lambda name: (-shared[name], len(name), name))[:5]
    return [by_name[name] for name in near[:5]]


def _alike(asked: str, name: str) -> bool:
    """Whether a name shares anything with a text: a character of Chinese, or a run of three letters or digits."""
    if any(letter in name for letter in asked if not letter.isascii()):
        return True
    return any(asked[at : at + 3].isalnum() and asked[at : at + 3] in name for at in range(len(asked) - 2)) or (0 < len(asked) < 3 and asked in name)


def _shown(each: Plain) -> Plain:
    return {name: value for name, value in each.items() if name != "pinyin"}


def _product(each: Plain, chain: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "product", "look": each["look"], "note": each["status"]}


def _elsewhere(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "product", "look": "",
            "note": f"在{'、'.join(each['chains'][:2])}链", "chains": each["chains"]}


def _firm(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "firm", "look": "",
            "note": "本地企业" if each["kind"] == "local" else "招引目标"}


def _stranger(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": "", "kind": "firm", "look": "", "note": each["place"] or "所在地不详"}
