"""Questions: gaps, targets, explain, coverage, indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chain.cli import common

if TYPE_CHECKING:
    from chain.store import Place, Store
    from queries.rules import Rules


def notes_for(place: Place, rules: Rules, as_of: str, unlinked: str = "") -> tuple[str, ...]:
    """What every answer says of itself: rule, data date, and what the data can't tell; `as_of` is the data date."""
    lines = [unlinked] if unlinked else []
    parties = f"（其中 {place.parties} 家只见于供应关系，不知道产品）" if place.parties else ""
    dated = f"数据截至 {as_of}" if as_of else "数据日期未注明（载入时加 --as-of）"
    asked = f"，按 {rules.as_of} 的状态回答" if rules.as_of else ""
    lines += [f"口径：{rules.in_words()}。", f"{dated}{asked}；{place.full_name}存续企业 {place.enterprises} 家{parties}。"]
    if rules.as_of and as_of and rules.as_of > as_of:
        lines.append(f"注意：{rules.as_of} 晚于数据截至日，其间的变化图谱里没有。")
    elif rules.as_of and place.undated:
        lines.append(f"注意：本地 {place.undated} 家企业没有成立日期，按当时已经存在计。")
    if place.registers.empty:
        lines.append("没有覆盖本地的企业名录，只有样本：没有查到的环节一律记为疑似缺失，不等于没有。")
    else:
        newest = place.registers.iloc[0]
        lines.append(f"名录：{newest['file']}（截至 {newest['as_of'] if isinstance(newest['as_of'], str) else '日期不详'}）。")
        if place.unregistered:
            lines.append(f"注意：图谱里另有 {place.unregistered} 家本地企业不在名录中，名录可能不完整，「缺失」须再核实。")
    if place.coarse:
        lines.append(f"另有 {place.coarse} 家企业所在地不详或只知道在上级地区，未计入本地。")
    return tuple(lines)


def unlinked(store: Store) -> str:
    """A warning if enterprises were loaded after their texts were last linked to products, else empty."""
    sources = store.tables(["sources"])["sources"]
    linked = sources.loc[sources["kind"] == "link", "loaded_at"].max()
    lists = sources[sources["kind"].isin(["register", "sample", "public"])]
    late = lists if linked != linked else lists[lists["loaded_at"] > linked]
    if late.empty:
        return ""
    return f"注意：{late['file'].iloc[0]} 等 {len(late)} 份数据载入后还没有关联到产品，先运行 lianpu link {store.location}，否则结果不全。"


@click.command("gaps", epilog="例：lianpu gaps zone.lianpu --chain 特钢材料 --region 太原市 --action 补链 -o 缺口清单.xlsx")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("--action", metavar="行动", help="只要 补链、延链、强链、提链 或 先核实。")
@click.option("--top", metavar="条数", type=click.IntRange(1), help="只要前几条。")
@common.rule_options
@common.output_options
def gaps_command(
    store: str, chain: str, region: str, action: str | None, top: int | None, form: str | None, output: Path | None, **rule: Any
) -> None:
    """缺口清单：缺什么、弱在哪、往哪里延伸和升级，按评分排序，每条有理由。"""
    from queries.gaps import gaps
    from viz import lists

    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        place = held.place(common.place_of(held, region), rules.view)
        found = gaps(held, chain, place.id, rules, action=action)
        as_of, late = held.as_of, unlinked(held)
    shown = found if top is None else found.head(top)
    if len(found) and not found["makers"].any() and action is None:
        late = late or f"本链在{place.name}还没有一个已确认的环节，以下只是待核的清单：请先载入本地名录或核实。"
    title = f"{place.full_name}「{chain}」链缺口清单（{len(shown)} 条）"
    notes = notes_for(place, rules, as_of, late)
    common.answer(
        shown, lists.GAP_COLUMNS, title=title, notes=notes, form=form, output=output, as_of=as_of,
        brief=("rank", "action", "label", "name", "detail", "who", "nearest", "outside", "score", "id"),
        sheets=lambda: lists.gap_sheets(shown, title, notes))


@click.command("targets", epilog="例：lianpu targets zone.lianpu --chain 特钢材料 --region 太原市 --product 石墨电极 --top 5")
@common.store_argument
@common.chain_option
@common.region_option
@click.option("--product", "products", multiple=True, metavar="产品", help="只要这些环节；可重复。")
@click.option("--top", metavar="条数", type=click.IntRange(1), default=10, show_default=True, help="每个环节最多几家。")
@common.rule_options
@common.output_options
def targets_command(
    store: str, chain: str, region: str, products: tuple[str, ...], top: int, form: str | None, output: Path | None, **rule: Any
) -> None:
    """招商目标企业：区外谁在做本地缺的、弱的、要升级的产品，按匹配度排序。"""
    from queries.targets import targets
    from viz import lists

    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        place = held.place(common.place_of(held, region), rules.view)
        found = with_files(held, targets(held, chain, place.id, rules, products=list(products) or None, top=top))
        as_of, late = held.as_of, unlinked(held)
    title = f"{place.full_name}「{chain}」链招商目标企业清单（{len(found)} 条）"
    notes = notes_for(place, rules, as_of, late)
    common.answer(
        found, lists.TARGET_COLUMNS, title=title, notes=notes, form=form, output=output, as_of=as_of,
        brief=("product", "rank", "name", "place", "reason", "score", "id"), sheets=lambda: lists.target_sheets(found, title, notes))


def with_files(store: Any, frame: Any) -> Any:
    """A frame with columns source and row, with the file and sheet of each source beside them."""
    sources = store.tables(["sources"])["sources"][["id", "file", "sheet"]].rename(columns={"id": "source"})
    return frame.astype({"source": "str"}).merge(sources, on="source", how="left")


@click.command("explain", epilog="例：lianpu explain zone.lianpu 补链/特钢材料/140100/石墨电极   或：lianpu explain zone.lianpu 太原重工")
@common.store_argument
@click.argument("reference", metavar="编号或企业")
@common.rule_options
@common.output_options
def explain_command(store: str, reference: str, form: str | None, output: Path | None, **rule: Any) -> None:
    """一条缺口或目标的证据：结论、理由、需求方、定义、评分，直到来源文件和行。也可写企业名称或代码，看各来源怎么说它。"""
    from queries.explain import explain
    from viz import lists

    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        found = explain(held, reference, rules)
        as_of = held.as_of
    common.answer(
        found, lists.EXPLAIN_COLUMNS, title=reference, notes=(), form=form, output=output, as_of=as_of,
        brief=("step", "statement", "file", "sheet", "row"), sheets=lambda: [lists.plain_sheet("证据", reference, found, lists.EXPLAIN_COLUMNS)])


@click.command("coverage", epilog="例：lianpu coverage zone.lianpu --chain 光伏 --region 山西省")
@common.store_argument
@common.chain_option
@common.region_option
@common.rule_options
@common.output_options
def coverage_command(store: str, chain: str, region: str, form: str | None, output: Path | None, **rule: Any) -> None:
    """每个环节的状态：优势、具备、薄弱、缺失、疑似缺失、待核，连同家数与指标。"""
    from queries.standing import standing
    from viz import lists

    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        state, late = standing(held, chain, common.place_of(held, region), rules), unlinked(held)
        dated = held.as_of
    title, notes = f"{state.place.full_name}「{chain}」链各环节状态", notes_for(state.place, rules, dated, late)
    common.answer(
        state.products, lists.COVERAGE_COLUMNS, title=title, notes=notes, form=form, output=output, as_of=dated,
        brief=("stage", "segment", "name", "label", "makers", "national", "buyers", "reviews", "lq", "hhi", "tests", "reason"),
        sheets=lambda: [lists.plain_sheet("环节状态", title, state.products, lists.COVERAGE_COLUMNS, notes)])


@click.command("indicators", epilog="例：lianpu indicators zone.lianpu --chain 光伏 --region 山西省")
@common.store_argument
@common.chain_option
@common.region_option
@common.rule_options
@common.output_options
def indicators_command(store: str, chain: str, region: str, form: str | None, output: Path | None, **rule: Any) -> None:
    """完整度、区位商、集中度、本地配套率等指标，连同公式和依据。"""
    from queries.indicators import indicators
    from viz import lists

    rules = common.rules_of(**rule)
    with common.reading(store) as held:
        place = held.place(common.place_of(held, region), rules.view)
        found = indicators(held, chain, place.id, rules)
        as_of, late = held.as_of, unlinked(held)
    title, notes = f"{place.full_name}「{chain}」链指标", notes_for(place, rules, as_of, late)
    common.answer(
        found, lists.INDICATOR_COLUMNS, title=title, notes=notes, form=form, output=output, as_of=as_of,
        brief=("indicator", "value", "unit", "formula", "basis"),
        sheets=lambda: [lists.plain_sheet("指标", title, found, lists.INDICATOR_COLUMNS, notes)])
