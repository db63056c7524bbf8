"""Building the file of an embedded store: raw rows in, ids resolved, everything the verbs need worked out once.

All functions take an open connection whose main database is the new file. ``docs/design.md`` shows the layout. Integers
stand for ids inside the file only: ``eid`` numbers enterprises in order of region, so that a region is a range; ``pid``
numbers products by id; ``rid`` numbers the ids under which sources know enterprises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chain import schema
from chain.packing import packed
from chain.resolving import resolve_ids

DEFAULT_TAU = 0.65
MENTIONS = (("enterprises", "id"), ("makes", "enterprise"), ("supplies", "supplier"), ("supplies", "buyer"), ("titles", "enterprise"))
"""Columns that hold ids of enterprises, those of their own rows first."""

STEPS = ("识别企业", "编号与排序", "写入原始行", "汇总制造关系", "统计")
"""Names of the steps of `build`, in order."""

_RANK = "CASE {} WHEN 'register' THEN 0 WHEN 'sample' THEN 1 ELSE 2 END"


def build(con: Any, step: Callable[[str], None]) -> None:
    """Turn the staged tables ``staged_*`` of the connection into a complete store.

    Parameters
    ----------
    con
        DuckDB connection; for every table of the schema a table or view ``staged_NAME`` with its columns is there.
    step
        Called with the name of each step as it begins.
    """
    # nearly always every enterprise and product that is named has a row of its own; only where that fails is every row asked
    for everyone in (False, True):
        _list_ids(con, everyone)
        if _built(con, step, sure=everyone):
            return
        _clear(con)


def _built(con: Any, step: Callable[[str], None], *, sure: bool) -> bool:
    """Whether all steps were done; they stop where rows name enterprises or products that are not listed."""
    works: tuple[list[Callable[[Any], Any]], ...] = (
        [resolve_ids], [_number_enterprises, _numbering_of_products(sure)], [_keep_rows], [_facts, _refused, _cover], [_counts])
    for name, parts in zip(STEPS, works, strict=True):
        step(name)
        for part in parts:
            part(con)
        if _keep_rows in parts and not sure and _any_unlisted(con):
            return False
    return True


def _list_ids(con: Any, everyone: bool) -> None:
    """Table ``staged_ids`` (raw, times, region): ids of the enterprises' own rows, or (`everyone`) of all rows that name one.

    ``times`` counts the rows of its own, ``region`` is that of one of them.
    """
    named = MENTIONS[1:] if everyone else ()
    rows = "SELECT id AS raw, 1 AS own, region FROM staged_enterprises" + "".join(
        f" UNION ALL SELECT {column}, 0, NULL FROM staged_{table}" for table, column in named)
    con.execute(f"CREATE TEMP TABLE staged_ids AS SELECT raw, sum(own) AS times, any_value(region) AS region FROM ({rows}) "
                "WHERE raw IS NOT NULL GROUP BY raw")


def _any_unlisted(con: Any) -> bool:
    return bool(con.execute("""
        SELECT EXISTS (FROM make_rows WHERE rid IS NULL OR pid IS NULL) OR EXISTS (FROM titles WHERE rid IS NULL)
            OR EXISTS (FROM supply_rows WHERE supplier_rid IS NULL OR buyer_rid IS NULL)""").fetchall()[0][0])


def _clear(con: Any) -> None:
    """Drop all that was made so far; what was staged stays."""
    made = con.execute("""
        SELECT 'VIEW', database_name, view_name FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
        UNION ALL SELECT 'TABLE', database_name, table_name FROM duckdb_tables()
        WHERE database_name = current_database() OR (database_name = 'temp' AND (table_name = 'staged_ids' OR NOT starts_with(table_name, 'staged_')))
        UNION ALL SELECT 'TYPE', database_name, type_name FROM duckdb_types() WHERE database_name = 'temp' AND starts_with(type_name, 'words_')
        ORDER BY 1 DESC""").fetchall()
    for kind, database, name in made:  # views before the tables they read, types last
        con.execute(f'DROP {kind} "{database}"."main"."{name}"')


def _number_enterprises(con: Any) -> None:
    """Tables ``ids`` (rid, raw, eid, own: the id that stands for the enterprise) and ``merged`` (enterprises with several rows)."""
    columns = [c.name for c in schema.table("enterprises").columns if c.name != "id"]
    # most enterprises have one id and one row, and nothing to be brought together
    con.execute("""
        CREATE TEMP TABLE several AS
        SELECT canon, sum(times) AS times, any_value(region) AS region
        FROM canonical WHERE times > 1 OR canon IN (SELECT canon FROM canon) GROUP BY canon""")
    con.execute(f"""
        CREATE TEMP TABLE ranked AS
        SELECT c.canon, e.*, row_number() OVER (ORDER BY coalesce(e.entry = 'party', false), {_RANK.format("s.kind")}, s.as_of DESC NULLS LAST,
            e.source, e.row, e.id, to_json(e)) AS precedence
        FROM staged_enterprises e JOIN canonical c ON c.raw = e.id
        JOIN (SELECT canon FROM several WHERE times > 1) USING (canon)
        LEFT JOIN staged_sources s ON s.id = e.source""")
    best = ", ".join(f'arg_min("{name}", precedence) AS "{name}"' for name in columns)
    con.execute(f"CREATE TEMP TABLE merged_rows AS SELECT canon, {best} FROM ranked GROUP BY canon")
    con.execute("""
        CREATE TEMP TABLE ordered AS
        SELECT c.raw, c.raw = c.canon AS own
        FROM canonical c LEFT JOIN several s USING (canon) LEFT JOIN merged_rows m USING (canon)
        ORDER BY coalesce(try_cast(coalesce(m.region, s.region, c.region) AS INTEGER), 0), c.canon, own DESC, c.raw""")
    # a running count goes row by row on one processor, so it is only taken where some ids stand for another
    several = con.execute("SELECT NOT coalesce(bool_and(own), true) FROM ordered").fetchall()[0][0]
    before = "count(*) FILTER (WHERE NOT own) OVER (ROWS UNBOUNDED PRECEDING)" if several else "0"
    con.execute(f"CREATE TABLE ids AS SELECT rowid::INTEGER AS rid, raw, (rowid - {before})::INTEGER AS eid, own FROM ordered")
    con.execute("CREATE VIEW enterprise_ids AS SELECT eid, raw AS canon FROM ids WHERE own")
    con.execute(f"""
        CREATE TABLE merged AS
        SELECT n.eid, {", ".join(f'm."{name}"' for name in columns)}
        FROM merged_rows m JOIN enterprise_ids n USING (canon) ORDER BY n.eid""")


def _numbering_of_products(everyone: bool) -> Callable[[Any], None]:
    """Makes table ``product_ids``, of products that are defined or stand in chains, or (`everyone`) of those only made as well."""
    named = [
        ("products", "id"), ("chain_products", "product"), ("inputs", "input"), ("inputs", "product"), ("kinds", "product"),
        ("kinds", "kind"), ("upgrades", "product"), ("upgrades", "successor"), ("byproducts", "product"), ("byproducts", "main"),
        *([("makes", "product")] if everyone else []),
    ]
    union = " UNION ".join(f"SELECT {column} AS product FROM staged_{table}" for table, column in named)
    return lambda con: con.execute(f"""
        CREATE TABLE product_ids AS
        SELECT (row_number() OVER (ORDER BY product) - 1)::INTEGER AS pid, product FROM ({union})
        WHERE product IS NOT NULL ORDER BY pid""")


def _keep_rows(con: Any) -> None:
    """The raw tables, with numbers for ids, and a view ``raw_NAME`` on each that gives its rows back as they came."""
    for name, table in schema.tables().items():
        if name == "enterprises":
            _keep_enterprises(con, table)
        elif name == "makes":
            _keep_makes(con, table)
        elif name == "supplies":
            _keep_supplies(con, table)
        elif name == "titles":
            _keep_titles(con, table)
        else:
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM staged_{name} ORDER BY ALL")
            con.execute(f"CREATE VIEW raw_{name} AS SELECT * FROM {name}")


def _keep_enterprises(con: Any, table: schema.Table) -> None:
    """A code that is the row's own id is kept as a mark (``coded``), not a second time."""
    rows = packed(con, "staged_enterprises", table, leave=["id", "uscc"])
    con.execute(
        f"CREATE TABLE enterprise_rows AS SELECT rid, eid, coded, uscc{rows.outside()} FROM (SELECT i.rid, i.eid, "
        f"coalesce(e.uscc = e.id, false) AS coded, nullif(e.uscc, e.id) AS uscc{rows.inside(prefix='e.')} "
        f"FROM staged_enterprises e JOIN ids i ON i.raw = e.id) ORDER BY rid{rows.keys(['source', 'row'])}")
    plain = [c for c in table.names if c not in ("id", "uscc")]
    con.execute(f"CREATE VIEW enterprises AS SELECT rid, eid, coded, uscc, {rows.again(plain)} FROM enterprise_rows")
    columns = ", ".join(f'"{c}"' for c in ["uscc", *plain])
    whole = ", ".join(coded_uscc("e", "i.raw") if c == "uscc" else f'e."{c}"' for c in table.names if c != "id")
    con.execute(f"CREATE VIEW raw_enterprises AS SELECT i.raw AS id, {whole} FROM enterprises e JOIN ids i USING (rid)")
    con.execute(f"""
        CREATE VIEW enterprise AS
        SELECT eid, rid, coded, {columns} FROM enterprises WHERE eid NOT IN (SELECT eid FROM merged)
        UNION ALL SELECT eid, NULL, false, {columns} FROM merged""")


def coded_uscc(rows: str, raw: str) -> str:
    """Expression for the code of a row of ``enterprises`` or ``enterprise`` whose own id is `raw`."""
    return f"CASE WHEN {rows}.coded THEN {raw} ELSE {rows}.uscc END AS uscc"


def _keep_makes(con: Any, table: schema.Table) -> None:
    """Sorted by maker and product, so that a region is one stretch of rows."""
    rows = packed(con, "staged_makes", table, leave=["enterprise", "product"])
    con.execute(
        f"CREATE TABLE make_rows AS SELECT pid, rid{rows.outside()} FROM ("
        f"SELECT i.rid, p.pid{rows.inside(prefix='m.')} FROM staged_makes m "
        "LEFT JOIN ids i ON i.raw = m.enterprise LEFT JOIN product_ids p ON p.product = m.product "
        f"ORDER BY rid, pid{rows.keys(['source', 'row', 'method', 'state', 'evidence', 'confidence'])})")
    rest = [c for c in table.names if c not in ("enterprise", "product")]
    con.execute(f"CREATE VIEW makes AS SELECT rowid AS mid, pid, rid, {rows.again(rest)} FROM make_rows")
    con.execute(f"CREATE VIEW raw_makes AS SELECT i.raw AS enterprise, p.product, {_listed('m', rest)} FROM makes m "
                "JOIN ids i USING (rid) JOIN product_ids p USING (pid)")


def _keep_supplies(con: Any, table: schema.Table) -> None:
    """Products as written are kept once each and numbered."""
    con.execute("""
        CREATE TABLE sold_products AS
        SELECT (row_number() OVER () - 1)::INTEGER AS number, product
        FROM (SELECT DISTINCT product FROM staged_supplies WHERE product IS NOT NULL ORDER BY product)""")
    rows = packed(con, "staged_supplies", table, leave=["supplier", "buyer", "product"])
    con.execute(
        f"CREATE TABLE supply_rows AS SELECT supplier_rid, buyer_rid, number{rows.outside()} FROM ("
        f"SELECT a.rid AS supplier_rid, b.rid AS buyer_rid, p.number{rows.inside(prefix='t.')} "
        "FROM staged_supplies t LEFT JOIN ids a ON a.raw = t.supplier LEFT JOIN ids b ON b.raw = t.buyer "
        f"LEFT JOIN sold_products p ON p.product = t.product) ORDER BY supplier_rid, buyer_rid, number{rows.keys()}")
    rest = [c for c in table.names if c not in ("supplier", "buyer", "product")]
    # the words of a product are looked up last, for the rows that are wanted
    con.execute(f"CREATE VIEW supplies AS SELECT supplier_rid, buyer_rid, number, {rows.again(rest)} FROM supply_rows")
    con.execute(f"CREATE VIEW raw_supplies AS SELECT a.raw AS supplier, b.raw AS buyer, p.product, {_listed('t', rest)} "
                "FROM supplies t JOIN ids a ON a.rid = t.supplier_rid JOIN ids b ON b.rid = t.buyer_rid LEFT JOIN sold_products p USING (number)")


def _keep_titles(con: Any, table: schema.Table) -> None:
    rest = _listed("t", [c for c in table.names if c != "enterprise"])
    con.execute(f"CREATE TABLE titles AS SELECT i.rid, {rest} FROM staged_titles t LEFT JOIN ids i ON i.raw = t.enterprise "
                "ORDER BY ALL")
    con.execute(f"CREATE VIEW raw_titles AS SELECT i.raw AS enterprise, {rest} FROM titles t JOIN ids i USING (rid)")


def _listed(rows: str, names: list[str]) -> str:
    return ", ".join(f'{rows}."{name}"' for name in names)


def _facts(con: Any) -> None:
    """Table ``facts``: one MAKES an enterprise and product, not counting the rejected ones.

    A person's decision beats a statement beats a link; then the higher confidence. Only what is stated more than once is
    weighed: enterprises under several ids (``shared``) and repeats, which stand side by side in ``makes`` (``repeated``).
    """
    con.execute("CREATE TEMP TABLE shared AS SELECT rid FROM ids WHERE eid IN (SELECT eid FROM ids WHERE NOT own)")
    con.execute("""
        CREATE TEMP TABLE repeated AS
        SELECT DISTINCT pid, rid
        FROM (SELECT pid, rid, lag(pid) OVER () AS pid_before, lag(rid) OVER () AS rid_before FROM makes)
        WHERE pid = pid_before AND rid = rid_before""")
    con.execute("""
        CREATE TEMP TABLE effective AS
        WITH keyed AS (
            SELECT m.pid, i.eid, m.mid, CASE m.method WHEN 'review' THEN 0 WHEN 'stated' THEN 1 ELSE 2 END AS step,
                CASE WHEN m.method = 'review'
                    THEN 99999999 - coalesce(try_cast(replace(m.decided_on, '-', '') AS BIGINT), 0)
                    ELSE round((1 - coalesce(m.confidence, 0)) * 10000000)::BIGINT END AS within
            FROM makes m JOIN ids i USING (rid)
            WHERE m.rid IN (SELECT rid FROM shared) OR EXISTS (SELECT 1 FROM repeated r WHERE r.pid = m.pid AND r.rid = m.rid)
        )
        SELECT (min(step * 100000000000000000 + within * 1000000000 + mid) % 1000000000)::INTEGER AS mid
        FROM keyed GROUP BY pid, eid""")
    con.execute(f"""
        CREATE TEMP TABLE facts AS
        SELECT m.pid, i.eid, m.mid::INTEGER AS mid, m.state = 'confirmed' AS confirmed, coalesce(m.confidence, 0) AS confidence,
            CASE WHEN m.output < 1e12 THEN round(m.output * 10000)::BIGINT END AS output
        FROM makes m JOIN ids i USING (rid)
        WHERE m.state IN ('confirmed', 'review') AND {_COUNTS}""")


_COUNTS = """(
    m.mid IN (SELECT mid FROM effective) OR NOT (m.rid IN (SELECT rid FROM shared)
    OR EXISTS (SELECT 1 FROM repeated r WHERE r.pid = m.pid AND r.rid = m.rid)))"""
"""Whether a MAKES is the one that counts for its enterprise and product."""


def _refused(con: Any) -> None:
    """Table ``refused``: what a source or a person says an enterprise does not make, in the columns of ``cover``."""
    con.execute(f"""
        CREATE TABLE refused AS
        SELECT m.pid, i.eid, m.mid::INTEGER AS mid, false AS confirmed, coalesce(m.confidence, 0) AS confidence, NULL::BIGINT AS output
        FROM makes m JOIN ids i USING (rid)
        WHERE m.state = 'rejected' AND m.method != 'link' AND {_COUNTS} ORDER BY ALL""")


def _cover(con: Any) -> None:
    """Table ``cover``: product, enterprise and the MAKES that shows it, kinds rolled up into what they are kinds of."""
    con.execute("""
        CREATE TABLE closure AS
        WITH RECURSIVE pairs AS (
            SELECT DISTINCT a.pid AS sub, b.pid AS kind
            FROM staged_kinds k JOIN product_ids a ON a.product = k.product JOIN product_ids b ON b.product = k.kind
            WHERE a.pid != b.pid
        ), up AS (
            SELECT sub, kind FROM pairs
            UNION SELECT u.sub, p.kind FROM up u JOIN pairs p ON p.sub = u.kind
        ) SELECT DISTINCT sub, kind FROM up WHERE sub != kind ORDER BY ALL""")
    con.execute("""
        CREATE TEMP TABLE lifted AS
        SELECT c.kind AS pid, f.eid, f.mid, f.confirmed, f.confidence, f.output, f.pid AS made FROM facts f JOIN closure c ON c.sub = f.pid""")
    grouped = """
        SELECT pid, eid, arg_min(mid, rank) AS mid, bool_or(confirmed) AS confirmed,
            coalesce(max(confidence) FILTER (WHERE confirmed), max(confidence)) AS confidence,
            (CASE WHEN bool_or(confirmed) THEN sum(output) FILTER (WHERE confirmed) ELSE sum(output) END)::BIGINT AS output
        FROM (
            SELECT *, (CASE WHEN confirmed THEN 0 ELSE 1 END) * 100000000000000000
                + round((1 - confidence) * 1000000)::BIGINT * 10000000000
                + (CASE WHEN made = pid THEN 0 ELSE 1 END) * 1000000000 + made AS rank
            FROM (
                SELECT *, pid AS made FROM facts f SEMI JOIN lifted l ON l.pid = f.pid AND l.eid = f.eid
                UNION ALL
                SELECT * FROM lifted
            )
        ) GROUP BY pid, eid"""
    # facts come sorted from makes, so only what kinds bring needs sorting: cover is two sorted stretches
    con.execute("CREATE TABLE cover AS SELECT * FROM facts f ANTI JOIN lifted l ON l.pid = f.pid AND l.eid = f.eid "
                f"UNION ALL SELECT * FROM ({grouped} ORDER BY eid, pid)")


def _counts(con: Any) -> None:
    """Tables ``core`` (what every query asks of an enterprise), ``titled`` and ``national``; the data date in ``meta``."""
    con.execute("""
        CREATE TABLE core AS
        SELECT n.eid, coalesce(try_cast(e.region AS INTEGER), 0) AS region, e.park,
            coalesce(try_cast(replace(e.established, '-', '') AS INTEGER), 0) AS since,
            CASE WHEN e.dissolved IS NOT NULL THEN coalesce(try_cast(replace(e.dissolved, '-', '') AS INTEGER), 99999999)
                WHEN e.status = 'dissolved' THEN 0 ELSE 99999999 END AS until,
            coalesce(e.entry = 'party', false) AS party,
            CASE WHEN e.registered_capital > 0 AND e.registered_capital < 1e12 THEN round(e.registered_capital * 10000)::BIGINT END AS capital
        FROM enterprise_ids n LEFT JOIN enterprise e USING (eid) ORDER BY n.eid""")
    con.execute("""
        CREATE TABLE titled AS
        SELECT DISTINCT i.eid, t.title, coalesce(try_cast(replace(t.valid_from, '-', '') AS INTEGER), 0) AS since,
            coalesce(try_cast(replace(t.valid_to, '-', '') AS INTEGER), 99999999) AS until
        FROM titles t JOIN ids i USING (rid) ORDER BY ALL""")
    con.execute("""
        CREATE TABLE data_date AS
        SELECT coalesce(CASE WHEN count(*) FILTER (WHERE kind NOT IN ('chain', 'link', 'review')) = 0 THEN max(as_of)
            ELSE max(as_of) FILTER (WHERE kind NOT IN ('chain', 'link', 'review')) END, '') AS as_of
        FROM staged_sources""")
    con.execute("""
        CREATE TABLE national AS
        SELECT c.pid, count(*) AS makers FROM cover c JOIN core e USING (eid),
            (SELECT coalesce(try_cast(replace(as_of, '-', '') AS INTEGER), 99999998) AS day FROM data_date)
        WHERE c.confirmed AND c.confidence >= ? AND e.since <= day AND day < e.until
        GROUP BY c.pid ORDER BY c.pid""", [DEFAULT_TAU])
