// Whether any relationship of a type leads to a label: answered from the server's own counts.
MATCH ()-[r:TYPE]->(:END_)
RETURN count(r) > 0 AS there
