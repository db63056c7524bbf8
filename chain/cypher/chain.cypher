// Rows of one chain.
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)<-[:SAYS_OF]-(s:StatedChain)
WITH c, collect(properties(s)) AS several
RETURN CASE WHEN c._own THEN [properties(c)] ELSE several END AS stated
