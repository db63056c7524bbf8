-- Supply relations between enterprises, with names and places of both ends.
WITH sold AS (
    SELECT s.*, a.eid AS seller, b.eid AS taker
    FROM supplies s JOIN ids a ON a.rid = s.supplier_rid JOIN ids b ON b.rid = s.buyer_rid
)
SELECT ia.canon AS supplier, coalesce(ea.name, ia.canon) AS supplier_name, ea.region AS supplier_region,
    ib.canon AS buyer, coalesce(eb.name, ib.canon) AS buyer_name, eb.region AS buyer_region,
    p.product, s.year, s.amount AS amount_wan, s.share, s.share_of, s.source, s.row
FROM sold s
JOIN enterprise_ids ia ON ia.eid = s.seller
JOIN enterprise_ids ib ON ib.eid = s.taker
LEFT JOIN enterprise ea ON ea.eid = s.seller
LEFT JOIN enterprise eb ON eb.eid = s.taker
LEFT JOIN sold_products p USING (number)
WHERE s.seller IN (SELECT eid FROM core WHERE {seller})
  AND s.taker IN (SELECT eid FROM core WHERE {taker})
ORDER BY supplier, buyer, s.year, s.source, s.row, p.product, s.share, s.amount
