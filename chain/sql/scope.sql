-- Products of a chain in the order of its file, with what defines them.
SELECT c.product, coalesce(p.name, c.product) AS name, c.stage, coalesce(s.position, 0) AS stage_position, c.segment, c.position,
    coalesce(c.terminal, false) AS terminal, p.criticality, coalesce(c.weight, p.criticality, 1.0) AS weight, p.reason,
    p.chokepoint, p.aliases, p.gbt4754, c.source, c.row
FROM (
    SELECT * FROM chain_products WHERE chain = $chain
    QUALIFY row_number() OVER (PARTITION BY product ORDER BY source, row) = 1
) c
LEFT JOIN (
    SELECT * FROM products QUALIFY row_number() OVER (PARTITION BY id ORDER BY criticality IS NULL, source, row) = 1
) p ON p.id = c.product
LEFT JOIN (SELECT name, min(position) AS position FROM stages WHERE chain = $chain GROUP BY name) s ON s.name = c.stage
ORDER BY c.position, c.product
