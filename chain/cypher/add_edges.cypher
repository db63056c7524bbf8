// Many relationships of one type, new: $a and $b are lists of the numbers of both ends (numbers.cypher).
// {} stands for the properties that there are: $lists with a list for each, $same with the value of each that all have alike.
UNWIND range(0, $count - 1) AS at
MATCH (a)
WHERE id(a) = $a[at]
CALL (at) {
    MATCH (b)
    WHERE id(b) = $b[at]
    RETURN b
    LIMIT 1
}
CREATE (a)-[:TYPE {}]->(b)
