-- The makers themselves, inside or outside a place, best first, at most $limit a product.
WITH wanted AS (
    SELECT DISTINCT n.pid, n.product FROM product_ids n WHERE n.product IN (SELECT unnest($products::VARCHAR[]))
), found AS (
    SELECT c.pid, c.eid, c.mid, c.confidence, c.output, e.capital, i.canon
    FROM {facts} c JOIN core e USING (eid) JOIN enterprise_ids i USING (eid)
    WHERE c.pid IN (SELECT pid FROM wanted) AND {near}
      AND e.since <= $day AND $day < e.until
      AND (c.confirmed AND c.confidence >= $tau) = ($state = 'confirmed')
      AND coalesce({place}, false) = (NOT $outside)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY pid ORDER BY confidence DESC, capital DESC NULLS LAST, canon) AS place_in_list
    FROM found
), kept AS (
    SELECT * FROM ranked WHERE place_in_list <= $limit
), honours AS (
    SELECT eid, string_agg(DISTINCT title, '；' ORDER BY title) AS titles
    FROM titled WHERE since <= $day AND $day <= until AND eid IN (SELECT eid FROM kept)
    GROUP BY eid
)
SELECT w.product, made.product AS made, i.canon AS enterprise, coalesce(s.name, i.canon) AS name, s.short_name, s.region, s.code,
    s.entry, k.confidence, m.share, k.output / 10000.0 AS output_wan, s.registered_capital AS registered_capital_wan,
    s.revenue AS revenue_wan, h.titles, m.method, m.evidence, m.source, m.row
FROM kept k
JOIN wanted w USING (pid)
JOIN makes m USING (mid)
JOIN product_ids made ON made.pid = m.pid
JOIN enterprise_ids i USING (eid)
LEFT JOIN enterprise s USING (eid)
LEFT JOIN honours h USING (eid)
