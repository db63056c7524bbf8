// How many enterprises of a place make at least one of the products that each input goes into.
// $products: the products; $uses: each of them to the inputs that go into it; place, $tau and $day as in coverage.cypher.
UNWIND $products AS id
MATCH (p:Product {id: id})
CALL (p) {
    RETURN p AS made
    UNION
    MATCH (made:Product)-[:ROLLS_UP_TO]->(p)
    RETURN made
}
WITH collect(DISTINCT made) AS wanted
CALL (wanted) {
    MATCH (r:Region)<-[:LOCATED_IN]-(e:Enterprise)
    WHERE $parks IS NULL AND $low <= r._number <= $high
    RETURN e
    UNION ALL
    UNWIND $parks AS park
    MATCH (e:Enterprise {park: park})
    RETURN e
}
MATCH (e)-[m:MAKES]->(made:Product)
WHERE made IN wanted AND e._since <= $day AND $day < e._until AND m._superseded IS NULL AND m.state = 'confirmed'
    AND coalesce(m.confidence, 0.0) >= $tau
MATCH (made)-[:ROLLS_UP_TO*0..1]->(p:Product)
WHERE p.id IN $products
UNWIND $uses[p.id] AS input
RETURN input, count(DISTINCT e) AS buyers
