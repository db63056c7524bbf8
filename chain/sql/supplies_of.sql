-- Supply relations of some enterprises, with names and places of both ends. They are picked out first, and then who takes part in them, so that
-- all that is looked up is looked up for few.
WITH chosen AS MATERIALIZED (
    SELECT rid FROM ids WHERE eid IN (SELECT eid FROM ids WHERE raw IN (SELECT unnest($enterprises::VARCHAR[])))
), said AS MATERIALIZED (
    SELECT * FROM supplies WHERE supplier_rid IN (SELECT rid FROM chosen)
    UNION ALL
    SELECT * FROM supplies WHERE buyer_rid IN (SELECT rid FROM chosen) AND supplier_rid NOT IN (SELECT rid FROM chosen)
), words AS MATERIALIZED (
    SELECT number, product FROM sold_products WHERE number IN (SELECT number FROM said)
), parties AS MATERIALIZED (
    SELECT rid, eid FROM ids WHERE rid IN (SELECT supplier_rid FROM said UNION ALL SELECT buyer_rid FROM said)
), known AS MATERIALIZED (
    SELECT i.eid, i.canon, coalesce(e.name, i.canon) AS name, e.region
    FROM (SELECT eid, canon FROM enterprise_ids WHERE eid IN (SELECT eid FROM parties)) i
    LEFT JOIN (SELECT eid, name, region FROM enterprise WHERE eid IN (SELECT eid FROM parties)) e USING (eid)
), sellers AS (
    SELECT * FROM known WHERE eid IN (SELECT eid FROM core WHERE {seller} AND eid IN (SELECT eid FROM parties))
), takers AS (
    SELECT * FROM known WHERE eid IN (SELECT eid FROM core WHERE {taker} AND eid IN (SELECT eid FROM parties))
)
SELECT a.canon AS supplier, a.name AS supplier_name, a.region AS supplier_region,
    b.canon AS buyer, b.name AS buyer_name, b.region AS buyer_region,
    w.product, s.year, s.amount AS amount_wan, s.share, s.share_of, s.source, s.row
FROM said s
JOIN parties pa ON pa.rid = s.supplier_rid JOIN sellers a ON a.eid = pa.eid
JOIN parties pb ON pb.rid = s.buyer_rid JOIN takers b ON b.eid = pb.eid
LEFT JOIN words w USING (number)
ORDER BY supplier, buyer, s.year, s.source, s.row, w.product, s.share, s.amount
