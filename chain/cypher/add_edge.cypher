// Relationships of one type, new. $rows: a and b are the keys of both ends, p the properties.
// The second end is looked up for each row by itself: side by side, the planner would put the look-ups as a product.
UNWIND $rows AS row
MATCH (a:START {START_KEY: row.a})
CALL (row) {
    MATCH (b:END_ {END_KEY: row.b})
    RETURN b
    LIMIT 1
}
CREATE (a)-[r:TYPE]->(b)
SET r = row.p
