// All nodes of one label, with their properties.
MATCH (n:LABEL)
RETURN properties(n) AS p
