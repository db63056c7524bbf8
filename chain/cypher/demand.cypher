// How many enterprises of a place make at least one of the products that each input goes into.
// $products: the products; $uses: each of them to the inputs that go into it; place, $tau and $day as in coverage.cypher.
CALL () {
    UNWIND CASE WHEN $parks IS NULL THEN $products END AS id
    MATCH (p:Product {id: id})
    CALL (p) {
        RETURN p AS made
        UNION
        MATCH (made:Product)-[:ROLLS_UP_TO]->(p)
        RETURN made
    }
    WITH p, made, made._at + $low AS first, made._at + $high AS last
    MATCH (e)-[m:MAKES]->(end) USING INDEX m:MAKES(_at)
    WHERE first <= m._at <= last AND end = made AND m.state = 'confirmed' AND coalesce(m.confidence, 0.0) >= $tau
    RETURN p, e
    UNION ALL
    UNWIND $parks AS park
    MATCH (e:Enterprise {park: park})-[m:MAKES]->(made:Product)
    WHERE m._at IS NOT NULL AND m.state = 'confirmed' AND coalesce(m.confidence, 0.0) >= $tau
    MATCH (made)-[:ROLLS_UP_TO*0..1]->(p:Product)
    WHERE p.id IN $products
    RETURN p, e
}
WITH p, e
WHERE e._since <= $day AND $day < e._until
UNWIND $uses[p.id] AS input
RETURN input, count(DISTINCT e) AS buyers
