// All names of parks, to offer near ones.
MATCH (k:Park)
RETURN k.name AS name
UNION
MATCH (k:StatedPark)
RETURN k.name AS name
UNION
MATCH (e:Enterprise)
WHERE e.park IS NOT NULL
RETURN DISTINCT e.park AS name
