-- Makers of the wanted products in a place, counted; no row for a product that nobody there is known to make.
-- Amounts are whole 元, so that no sum depends on its order. Squares come as text: numpy would make floats of them.
-- $pids: numbers of the products; $low, $high or $park: the place; $tau: least confidence; $day: as-of date as yyyymmdd.
WITH here AS (
    SELECT eid, capital FROM core WHERE {place} AND since <= $day AND $day < until
), found AS (
    SELECT c.pid, c.eid, c.output, h.capital, c.confirmed AND c.confidence >= $tau AS maker
    FROM cover c JOIN here h USING (eid)
    WHERE c.pid IN (SELECT unnest($pids::INTEGER[])) AND c.eid BETWEEN $low AND $high
), titled AS (
    SELECT DISTINCT eid FROM titled WHERE since <= $day AND $day <= until
)
SELECT f.pid,
    count(*) FILTER (WHERE maker) AS makers,
    count(*) FILTER (WHERE NOT maker) AS reviews,
    count(*) FILTER (WHERE maker AND t.eid IS NOT NULL) AS titled,
    count(f.output) FILTER (WHERE maker) AS outputs_known,
    sum(f.output::HUGEINT) FILTER (WHERE maker) AS output_sum,
    (sum(f.output::HUGEINT * f.output) FILTER (WHERE maker))::VARCHAR AS output_squares,
    count(f.capital) FILTER (WHERE maker) AS capitals_known,
    sum(f.capital::HUGEINT) FILTER (WHERE maker) AS capital_sum,
    (sum(f.capital::HUGEINT * f.capital) FILTER (WHERE maker))::VARCHAR AS capital_squares
FROM found f LEFT JOIN titled t USING (eid)
GROUP BY f.pid
