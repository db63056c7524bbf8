-- Distinct enterprises of a place that make at least one of the products an input goes into.
WITH here AS (
    SELECT eid FROM core WHERE {place} AND since <= $day AND $day < until
), pairs AS (
    SELECT DISTINCT p.input, n.pid FROM wanted_arcs p JOIN product_ids n ON n.product = p.product
), users AS (
    SELECT c.pid, c.eid FROM cover c JOIN here USING (eid)
    WHERE c.pid IN (SELECT pid FROM pairs) AND c.eid BETWEEN $low AND $high AND c.confirmed AND c.confidence >= $tau
)
SELECT p.input, count(DISTINCT u.eid) AS buyers
FROM pairs p JOIN users u USING (pid)
GROUP BY p.input
