-- The makers in a place of the wanted products: number of the product among those wanted (-1: not held), enterprise.
WITH wanted AS (
    SELECT unnest($pids::INTEGER[]) AS pid, generate_subscripts($pids::INTEGER[], 1) - 1 AS number
), here AS (
    SELECT eid FROM core WHERE {place} AND since <= $day AND $day < until
)
SELECT w.number, c.eid
FROM cover c JOIN here USING (eid) JOIN wanted w USING (pid)
WHERE c.eid BETWEEN $low AND $high AND c.confirmed AND c.confidence >= $tau
