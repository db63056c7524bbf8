// Many relationships of one type, new: the keys of both ends are lists, and so are properties; those alike in all come once.
// {} stands for the properties that there are: $lists with a list for each, $same with a value for each.
UNWIND range(0, $count - 1) AS at
MATCH (a:START {START_KEY: $a[at]})
CALL (at) {
    MATCH (b:END_ {END_KEY: $b[at]})
    RETURN b
    LIMIT 1
}
CREATE (a)-[:TYPE {}]->(b)
