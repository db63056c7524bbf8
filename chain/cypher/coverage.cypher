// Makers of the wanted products in a place, counted; no row for a product that nobody there is known to make.
// Begins at the place: every enterprise lies in exactly one region, or is found by its park.
// $products: ids; $low, $high: numbers of the regions, or $parks: names of a park (else null); $tau: least confidence;
// $day: as-of date as yyyymmdd, $day_text the same as text. Amounts are whole 元; lists of them are given where every maker's is known.
MATCH (p:Product)
WHERE p.id IN $products
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
WHERE made IN wanted AND e._since <= $day AND $day < e._until AND m._superseded IS NULL AND m.state <> 'rejected'
MATCH (made)-[:ROLLS_UP_TO*0..1]->(p:Product)
WHERE p.id IN $products
WITH p, e, max(CASE WHEN m.state = 'confirmed' THEN coalesce(m.confidence, 0.0) END) AS sure,
    sum(CASE WHEN m.state = 'confirmed' THEN m._yuan END) AS yuan, count(CASE WHEN m.state = 'confirmed' THEN m._yuan END) AS known
WITH p, coalesce(sure >= $tau, false) AS maker, CASE WHEN known > 0 THEN yuan END AS output, e._yuan AS capital,
    any(span IN split(e._held, ' ') WHERE left(span, 8) <= $day_text AND $day_text <= right(span, 8)) AS titled
WITH p, count(CASE WHEN maker THEN 1 END) AS makers, count(CASE WHEN NOT maker THEN 1 END) AS reviews,
    count(CASE WHEN maker AND titled THEN 1 END) AS titled, count(CASE WHEN maker THEN output END) AS outputs_known,
    sum(CASE WHEN maker THEN output END) AS output_sum, collect(CASE WHEN maker THEN output END) AS outputs,
    count(CASE WHEN maker THEN capital END) AS capitals_known, collect(CASE WHEN maker THEN capital END) AS capitals
RETURN p.id AS product, makers, reviews, titled, outputs_known, output_sum,
    CASE WHEN outputs_known = makers THEN outputs ELSE [] END AS outputs, capitals_known,
    CASE WHEN capitals_known = makers AND (outputs_known < makers OR output_sum = 0) THEN capitals ELSE [] END AS capitals
