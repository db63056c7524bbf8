-- Makers of every wanted product in the whole store, for a view other than the one counted when the store was written.
SELECT n.product, count(*) AS national
FROM cover c
JOIN core e USING (eid)
JOIN product_ids n USING (pid)
WHERE n.product IN (SELECT unnest($products::VARCHAR[]))
  AND c.confirmed AND c.confidence >= $tau AND e.since <= $day AND $day < e.until
GROUP BY n.product
