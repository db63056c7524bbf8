// All relationships of one type between two labels, with the keys of both ends.
MATCH (a:START)-[r:TYPE]->(b:END_)
RETURN a.START_KEY AS a, b.END_KEY AS b, properties(r) AS p
