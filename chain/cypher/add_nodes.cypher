// Many nodes of one label, new: a list for each property, as in add_edges.cypher.
UNWIND range(0, $count - 1) AS at
CREATE (:LABEL {})
