// How many nodes the database holds in all: answered from the server's own counts.
MATCH (n)
RETURN count(n) AS nodes
