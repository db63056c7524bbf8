-- The makers in a place of the wanted products: number of the product among those wanted, enterprise.
WITH wanted AS (
    SELECT unnest($products::VARCHAR[]) AS product, generate_subscripts($products::VARCHAR[], 1) AS number
), numbered AS (
    SELECT n.pid, w.number FROM wanted w JOIN product_ids n USING (product)
), here AS (
    SELECT eid FROM core WHERE {place} AND since <= $day AND $day < until
)
SELECT p.number - 1 AS number, c.eid
FROM cover c JOIN here USING (eid) JOIN numbered p USING (pid)
WHERE c.eid BETWEEN $low AND $high AND c.confirmed AND c.confidence >= $tau
