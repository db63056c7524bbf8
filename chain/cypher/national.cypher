// Makers of every wanted product in the whole store, for a view other than the one counted when the store was written.
UNWIND $products AS id
MATCH (p:Product {id: id})
CALL (p) {
    RETURN p AS made
    UNION
    MATCH (made:Product)-[:ROLLS_UP_TO]->(p)
    RETURN made
}
MATCH (made)<-[m:MAKES]-(e:Enterprise)
WHERE m._superseded IS NULL AND m.state = 'confirmed' AND coalesce(m.confidence, 0.0) >= $tau AND e._since <= $day AND $day < e._until
RETURN p.id AS product, count(DISTINCT e) AS national
