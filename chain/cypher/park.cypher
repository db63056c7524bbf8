// Rows of parks of one name or id.
MATCH (k:Park)
WHERE k._own AND (k.id = $park OR k.name = $park)
RETURN k.id AS id, k.name AS name, k.region AS region
UNION ALL
MATCH (k:StatedPark)
WHERE k.id = $park OR k.name = $park
RETURN k.id AS id, k.name AS name, k.region AS region
