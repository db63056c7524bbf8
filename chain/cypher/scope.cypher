// All rows that define the chains' products, and their arcs: of one chain.
MATCH (c:Chain {id: $chain})<-[m:IN_CHAIN]-(p:Product)
OPTIONAL MATCH (p)<-[:SAYS_OF]-(s:StatedProduct)
WITH p, m, collect(properties(s)) AS several
RETURN p.id AS product, properties(m) AS member, CASE WHEN p._own THEN [properties(p)] ELSE several END AS stated
