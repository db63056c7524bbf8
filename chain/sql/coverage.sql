-- Makers of every wanted product in a place, counted. Amounts are whole 元, so that no sum depends on its order.
-- $products: ids; $low, $high or $park: the place; $tau: least confidence; $day: as-of date as yyyymmdd.
WITH wanted AS (
    SELECT unnest($products::VARCHAR[]) AS product
), ids AS (
    SELECT DISTINCT n.pid, n.product FROM product_ids n JOIN wanted USING (product)
), here AS (
    SELECT eid, capital FROM core WHERE {place} AND since <= $day AND $day < until
), found AS (
    SELECT c.pid, c.eid, c.output, h.capital, c.confirmed AND c.confidence >= $tau AS maker
    FROM cover c JOIN here h USING (eid)
    WHERE c.pid IN (SELECT pid FROM ids) AND c.eid BETWEEN $low AND $high
), titled AS (
    SELECT DISTINCT eid FROM titled WHERE since <= $day AND $day <= until
), counted AS (
    SELECT f.pid,
        count(*) FILTER (WHERE maker) AS makers,
        count(*) FILTER (WHERE NOT maker) AS reviews,
        count(*) FILTER (WHERE maker AND t.eid IS NOT NULL) AS titled,
        count(f.output) FILTER (WHERE maker) AS outputs_known,
        sum(f.output::HUGEINT) FILTER (WHERE maker) AS output_sum,
        sum(f.output::HUGEINT * f.output) FILTER (WHERE maker) AS output_squares,
        count(f.capital) FILTER (WHERE maker) AS capitals_known,
        sum(f.capital::HUGEINT) FILTER (WHERE maker) AS capital_sum,
        sum(f.capital::HUGEINT * f.capital) FILTER (WHERE maker) AS capital_squares
    FROM found f LEFT JOIN titled t USING (eid)
    GROUP BY f.pid
)
SELECT i.product,
    coalesce(makers, 0) AS makers, coalesce(reviews, 0) AS reviews, coalesce(titled, 0) AS titled,
    coalesce(outputs_known, 0) AS outputs_known, output_sum, output_squares,
    coalesce(capitals_known, 0) AS capitals_known, capital_sum, capital_squares
FROM ids i LEFT JOIN counted USING (pid)
