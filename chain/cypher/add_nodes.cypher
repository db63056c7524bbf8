// Many nodes of one label, new: a list for each property, as in add_edges.cypher. Gives their numbers, as numbers.cypher does.
UNWIND range(0, $count - 1) AS at
CREATE (n:LABEL {})
RETURN collect(id(n)) AS numbers
