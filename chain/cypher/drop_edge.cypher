// Relationships of one type go: those between the named ends with exactly these properties.
// The way begins at the first end for each row by itself: side by side, the planner may put the look-ups of both ends as a product.
UNWIND $rows AS row
MATCH (a:START {START_KEY: row.a})
CALL (a, row) {
    MATCH (a)-[r:TYPE]->(b:END_)
    WHERE b.END_KEY = row.b AND properties(r) = row.p
    RETURN r
}
DELETE r
