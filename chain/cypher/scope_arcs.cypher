// Relationships of one type between products of a chain.
MATCH (:Chain {id: $chain})<-[:IN_CHAIN]-(a:Product)
WITH DISTINCT a
MATCH (a)-[r:TYPE]->(b:Product)
WHERE EXISTS { (b)-[:IN_CHAIN]->(:Chain {id: $chain}) }
RETURN a.id AS a, b.id AS b, properties(r) AS p
