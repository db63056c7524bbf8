// How many nodes carry one label: answered from the server's own counts.
MATCH (n:LABEL)
RETURN count(n) AS nodes
