"""From enterprise texts to chain products: link, eval-links."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chain.cli import common
from chain.errors import InputError, StoreBusy

if TYPE_CHECKING:
    import pandas as pd

    from chain.store import Progress, Store
    from chain.tables import Tables
    from loaders.linking_support import Beside

LINK_VERSION = "8"
"""Raised when the linking rules change, so that a store knows that its links are of older rules."""


@click.command("link", epilog="例：lianpu link zone.lianpu --review 待复核.xlsx")
@common.store_argument
@click.option("--chain", "chains", multiple=True, metavar="产业链", help="只载入这些内置产业链；缺省为全部。")
@click.option("--review", type=click.Path(path_type=Path), metavar="文件.xlsx", help="写出待复核表，认定后用 load 载回。")
def link_command(store: str, chains: tuple[str, ...], review: Path | None) -> None:
    """从主营产品、主营业务、经营范围关联到链上产品：已确认、待复核或排除，各有依据。

    内置产业链还没有载入的会一并载入；自己载入的同名产业链优先。再次运行只更新关联，人工复核的结果保留。
    """
    from chain.tables import combine
    from loaders.linking_origins import with_origins

    with common.opened(store) as held:
        _mended(held)
        missing = _missing_chains(held, chains)
        definitions = combine([missing, _kept(held, missing)])
        enterprises = with_origins(held.enterprises(), held.tables(["enterprises"])["enterprises"])
        with common.progress_bar("关联") as progress:
            makes = _linked(enterprises, definitions, progress)
        beside = _beside(held, definitions)
        makes = _supported(makes, beside)
        source = _source(enterprises, definitions["products"], beside)
        with common.progress_bar("写入") as progress:
            written = held.write(combine([missing, _as_tables(makes, source)]), progress=progress)
        states = makes["state"].value_counts()
        decided = held.tables(["makes"])["makes"]
        settled = len(decided.loc[decided["method"] == "review", ["enterprise", "product"]].drop_duplicates())
        told = [f"{len(enterprises)} 家企业，{len(definitions['products'])} 个产品：已确认 {states.get('confirmed', 0)}，"
                f"待复核 {states.get('review', 0)}，排除 {states.get('rejected', 0)}"]
        told += [f"另有人工认定 {settled} 条，以认定为准"] * bool(settled) + ["与上次相同，没有变化"] * (not written.changed)
        click.echo("；".join(told))
        if review:
            _write_review(held, makes, enterprises, definitions["products"], review)


def _mended(store: Store) -> None:
    """Clears up what a load or a linking left behind when it was cut off; who is still at it is told."""
    from chain.tables import Tables

    try:
        store.stamp()
    except StoreBusy:
        store.write(Tables())


BUILT_IN = "built-in"
"""Load batch of chains that came with the program: a newer program may replace them, a chain of the user's own it may not."""


def _missing_chains(store: Store, wanted: tuple[str, ...]) -> Tables:
    """Built-in chains (all, or the named ones) that the store holds no version of, or an older one that came with the program."""
    from chain import chainfile
    from chain.definition import to_tables
    from chain.errors import UnknownName
    from chain.tables import combine

    held = set(store.tables(["chains"])["chains"]["id"])
    unknown = [name for name in wanted if name not in chainfile.library() and name not in held]
    if unknown:
        raise UnknownName("产业链", unknown[0], {*chainfile.library(), *held})
    sources = store.tables(["sources"])["sources"]
    shipped = dict(sources.loc[sources["batch"] == BUILT_IN, ["origin", "id"]].itertuples(index=False, name=None))
    outdated = {name for name in chainfile.library() if shipped.get(f"chain:{name}", _id(name)) != _id(name)}
    names = [name for name in (wanted or chainfile.library()) if name not in held or name in outdated]
    if not names and not held:
        raise InputError("没有可用的产业链", way_out="lianpu load 载入产业链文件 .yaml")
    return combine(to_tables(chainfile.read(name), batch=BUILT_IN) for name in names)


def _kept(store: Store, missing: Tables) -> Tables:
    """The definitions that a store holds, without those that newer versions among `missing` replace."""
    from chain.tables import Tables

    held = store.tables(["products", "chain_products", "inputs", "kinds", "sources"])
    newer = held["sources"]["origin"].isin(set(missing["sources"]["origin"].dropna()))
    gone = set(held["sources"].loc[newer, "id"])
    return Tables({name: held[name][~held[name]["source"].isin(gone)] for name in ("products", "chain_products", "inputs", "kinds")})


def _id(name: str) -> str:
    """Source id of a built-in chain as it is now."""
    from chain import chainfile

    return f"chain-{chainfile.read(name).digest}"


def _linked(enterprises: pd.DataFrame, definitions: Tables, progress: Progress) -> pd.DataFrame:
    from os import cpu_count

    from loaders.linking import link

    return link(enterprises, definitions["products"], definitions["chain_products"], progress=progress, processes=cpu_count() or 1)


def _beside(store: Store, definitions: Tables) -> Beside:
    """What the store knows besides texts that may speak for or against a link."""
    from chain.region import CHINA
    from chain.store import View
    from loaders.linking_support import Beside

    products = definitions["products"]
    ids = sorted(set(products["id"]))
    sources = store.tables(["sources"])["sources"]
    return Beside(
        stated=store.makers(ids, CHINA, View(tau=0.0)), refused=store.makers(ids, CHINA, View(tau=0.0), state="rejected"),
        deals=store.supplies(), inputs=definitions["inputs"], kinds=definitions["kinds"], products=products,
        files=dict(zip(sources["id"], sources["file"], strict=True)))


def _supported(makes: pd.DataFrame, beside: Beside) -> pd.DataFrame:
    from loaders.linking_support import supported

    return supported(makes, beside)


def _source(enterprises: pd.DataFrame, products: pd.DataFrame, beside: Beside) -> dict[str, object]:
    """The source row of a link run; its id is the digest of all that went in."""
    import pandas as pd

    digest = hashlib.sha256(LINK_VERSION.encode())
    texts = enterprises.filter(regex="^(id|name|source|row)$|main_products|main_business|business_scope")
    own = beside.stated[beside.stated["method"] != "link"]
    for frame in (texts, products[["id", "name", "aliases", "hints", "exclude"]], own, beside.refused, beside.deals, beside.inputs, beside.kinds):
        digest.update(pd.util.hash_pandas_object(frame.astype("str").fillna(""), index=False).to_numpy().tobytes())
    return {"id": f"link-{digest.hexdigest()[:12]}", "origin": "link", "file": "lianpu link", "kind": "link",
            "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"), "rows": len(enterprises)}


def _as_tables(makes: pd.DataFrame, source: dict[str, object]) -> Tables:
    import pandas as pd

    from chain.tables import Tables

    return Tables({"makes": makes, "sources": pd.DataFrame([source])})


def _write_review(store: Store, makes: pd.DataFrame, enterprises: pd.DataFrame, products: pd.DataFrame, path: Path) -> None:
    from loaders.reviews import write_link_review

    decided = store.tables(["makes"])["makes"]
    decided = decided[decided["method"] == "review"][["enterprise", "product"]].drop_duplicates()
    doubtful = makes[makes["state"] == "review"].merge(decided, on=["enterprise", "product"], how="left", indicator=True)
    doubtful = doubtful[doubtful["_merge"] == "left_only"].drop(columns="_merge")
    write_link_review(doubtful, enterprises, products, path)
    click.echo(f"待复核 {len(doubtful)} 条已写入 {path}；认定后：lianpu load {store.location} {path}")


@click.command("eval-links", epilog="例：lianpu eval-links 标注.csv --data 企业.csv")
@click.argument("labels", type=click.Path(path_type=Path, exists=True), metavar="标注.csv")
@click.option("--data", "files", multiple=True, required=True, metavar="文件", help="标注所指的企业在哪些文件里；可重复。")
@common.output_options
def eval_links_command(labels: Path, files: tuple[str, ...], form: str | None, output: Path | None) -> None:
    """用人工标注检验关联：准确率与召回率，带 95% 置信区间，总体和分层。"""
    from tempfile import TemporaryDirectory

    import pandas as pd

    from loaders import read
    from loaders.linking_check import evaluate

    judged = pd.read_csv(labels, dtype="str", encoding="utf-8-sig")
    with TemporaryDirectory() as folder, common.opened(f"{folder}/检验.lianpu", must_exist=False) as held:
        held.write(read(list(files)).tables)
        definitions = _missing_chains(held, ())
        with common.progress_bar("关联") as progress:
            makes = _linked(held.enterprises(), definitions, progress)
        found = evaluate(judged, _supported(makes, _beside(held, definitions)))
    columns = {name: name for name in found.columns}
    common.answer(found, columns, title="关联检验", notes=(), form=form, output=output, as_of="", brief=tuple(found.columns), sheets=list)
