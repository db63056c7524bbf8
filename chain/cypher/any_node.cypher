// Whether any node carries a label: answered from the server's own counts.
MATCH (n:LABEL)
RETURN count(n) > 0 AS there
