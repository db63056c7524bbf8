// How many enterprises ought to be listed in a region, as its rows say.
MATCH (r:Region {code: $place})
OPTIONAL MATCH (r)<-[:SAYS_OF]-(s:StatedRegion)
WITH r, max(s.expected_enterprises) AS said
RETURN CASE WHEN r._own THEN r.expected_enterprises ELSE said END AS expected
