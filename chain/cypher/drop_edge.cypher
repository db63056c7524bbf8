// Relationships of one type go: those between the named ends with exactly these properties.
UNWIND $rows AS row
MATCH (a:START {START_KEY: row.a})-[r:TYPE]->(b:END_ {END_KEY: row.b})
WHERE properties(r) = row.p
DELETE r
