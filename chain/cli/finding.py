"""Finding products and enterprises by what people type: a part of the name, an alias, pinyin or its first letters, a stock code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from chain import region
from chain.errors import near_names
from viz.pinyin import initials, spelled
from viz.text import clean

Plain = dict[str, Any]

Own = tuple[int, Plain, list[str], str]
"""0 for a product and 1 for an enterprise, how it is shown, its aliases, and all words that it is found by in small letters."""

MOST_NEAR = 5000
"""Near names are looked for on this chain alone where the store holds more products than these: comparing takes long."""


class Register:
    """The names of all enterprises of a store in one long text, which takes a hundredth of the time of going through them one by one.

    Parameters
    ----------
    firms
        Columns of `chain.store.BRIEF`, in the order in which they are told.
    """

    def __init__(self, firms: pd.DataFrame) -> None:
        import pyarrow as pa

        self._firms = pa.Table.from_pandas(firms, preserve_index=False).combine_chunks()  # in one piece rows are picked at once
        names = [firms[column].fillna("").tolist() for column in ("name", "short_name", "former_names")]
        said = ["\n".join(each).lower() for each in zip(*names, strict=True)]
        self._text = "\0".join(said)
        self._starts = np.cumsum([0, *(len(each) + 1 for each in said)])
        codes = firms["code"].dropna()
        self._coded = dict(zip(codes[::-1], codes.index[::-1], strict=True))

    def find(self, text: str, limit: int) -> list[Plain]:
        """The first enterprises with a text in one of their names, the one with that stock code before them: id, name, place."""
        asked, rows = text.lower(), [self._coded[text]] if text in self._coded else []
        at = self._text.find(asked) if "\0" not in asked else -1
        while at >= 0 and len(rows) < limit:
            rows.append(int(np.searchsorted(self._starts, at, side="right")) - 1)
            at = self._text.find(asked, int(self._starts[rows[-1] + 1]))
        return [{"id": f"e:{row['id']}", "name": clean(row["name"] or row["id"]), "place": region.full_name(row["region"]) if row["region"] else ""}
                for row in self._firms.take(np.array(list(dict.fromkeys(rows)), dtype=np.int64)).to_pylist()]


def own_of(chain: Plain, products: list[Plain]) -> list[Own]:
    """Products and enterprises of the chain looked at, with all they can be found by.

    Parameters
    ----------
    chain
        See `viz.explorer.contents`.
    products
        Every product of the store, for the aliases.
    """
    aliases = {each["id"]: each["aliases"] for each in products}
    shown = [(0, _product(each), aliases.get(each["id"], [])) for each in chain["products"]]
    shown += [(1, _firm(each), []) for each in chain["firms"].values()]
    return [(where, each, others, "\n".join([each["name"].lower(), each["pinyin"], spelled(each["name"]), *others]).lower())
            for where, each, others in shown]


def find(own: list[Own], products: list[Plain], register: Callable[[], Register], text: str, kind: str, limit: int) -> Plain:
    """What fits a text, best first; near names where nothing does.

    Parameters
    ----------
    own
        What belongs to the chain looked at, see `own_of`: it comes first.
    products
        Every product of the store, each with its ``words``: name, initials and aliases in small letters, in which a text is sought first.
    register
        Enterprises of the whole store.

    Returns
    -------
    dict
        ``hits`` and, where there are none, ``near``: id, name, kind, look, note, and chains for a product of other chains.
    """
    asked = typed(text)
    if not asked:
        return {"hits": [], "near": []}
    own = [each for each in own if kind == "" or (kind == "product") == (each[0] == 0)]
    found = [(score, where, each) for where, each, aliases, words in own if asked in words and (score := fit(asked, each, aliases)) < 9]
    if kind != "firm":
        here = {each["id"] for _, each, _, _ in own}
        likely = (each for each in products if asked in each["words"] and each["id"] not in here)
        found += [(score, 2, _elsewhere(each)) for each in likely if (score := fit(asked, each, each["aliases"])) < 9]
    if kind != "product" and len(asked) >= 2 and not re.fullmatch("[a-z]{2}", asked):  # two letters are pinyin
        known, on_page = {each["id"] for _, _, each in found}, {each["id"]: each for where, each, _, _ in own if where == 1}
        found += [(3, 3, on_page.get(each["id"]) or _stranger(each)) for each in register().find(asked, 40) if each["id"] not in known]
    found.sort(key=lambda hit: (hit[0] > 0 and hit[1] > 1, hit[0], hit[1], len(hit[2]["name"]), hit[2]["name"], hit[2]["id"]))
    hits = [_shown(each) for _, _, each in found[:limit]]
    if hits:
        return {"hits": hits, "near": []}
    if " " in asked and not asked.isascii():  # blanks that an input method left between characters
        return find(own, products, register, asked.replace(" ", ""), kind, limit)
    others = [] if kind == "firm" or len(products) > MOST_NEAR else [_elsewhere(each) for each in products if each["id"] not in here]
    return {"hits": [], "near": [_shown(each) for each in _near(asked, [*(each for _, each, _, _ in own), *others])]}


def typed(text: str) -> str:
    """What somebody typed as names are looked for: small letters and digits of half width, single blanks.

    >>> typed("ＥＶＡ　胶膜 "), typed("（集团）")
    ('eva 胶膜', '（集团）')
    """
    return " ".join(re.sub("[０-９Ａ-Ｚａ-ｚ]", lambda wide: chr(ord(wide[0]) - 0xFEE0), text).lower().split())


def find_local(firms: Iterable[Plain], text: str, limit: int) -> Plain:
    """Like `find`, among the enterprises of the place that make something of the chain: id and name each."""
    asked = typed(text)
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
    if not {letter for letter in asked if not letter.isascii()}.isdisjoint(name):
        return True
    return any(asked[at : at + 3].isalnum() and asked[at : at + 3] in name for at in range(len(asked) - 2)) or (0 < len(asked) < 3 and asked in name)


def _shown(each: Plain) -> Plain:
    return {name: value for name, value in each.items() if name != "pinyin"}


def _product(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "product", "look": each["look"], "note": each["status"]}


def _elsewhere(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "product", "look": "",
            "note": f"在{'、'.join(each['chains'][:2])}链", "chains": each["chains"]}


def _firm(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": each["pinyin"], "kind": "firm", "look": "",
            "note": "本地企业" if each["kind"] == "local" else "招引目标"}


def _stranger(each: Plain) -> Plain:
    return {"id": each["id"], "name": each["name"], "pinyin": "", "kind": "firm", "look": "", "note": each["place"] or "所在地不详"}
