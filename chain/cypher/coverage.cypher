// Makers of the wanted products in a place, counted; no row for a product that nobody there is known to make.
// The MAKES of one product in the regions of one stretch lie side by side in an index; a park begins at its enterprises.
// (the index is named, or a plan made for a small graph would be kept and walk the large one).
// $products: ids; $low, $high: numbers of the regions, or $parks: names of a park (else null); $tau: least confidence;
// $day: as-of date as yyyymmdd, $day_text the same as text. Amounts are whole 元; lists of them are given where every maker's is known.
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
    WHERE first <= m._at <= last AND end = made
    RETURN p, e, m
    UNION ALL
    UNWIND $parks AS park
    MATCH (e:Enterprise {park: park})-[m:MAKES]->(made:Product)
    WHERE m._at IS NOT NULL
    MATCH (made)-[:ROLLS_UP_TO*0..1]->(p:Product)
    WHERE p.id IN $products
    RETURN p, e, m
}
WITH p, e, m
WHERE e._since <= $day AND $day < e._until
WITH p, e, CASE WHEN m.state = 'confirmed' THEN coalesce(m.confidence, 0.0) END AS sure, m._yuan AS yuan
WITH p, e, max(sure) AS sure, sum(CASE WHEN sure IS NOT NULL THEN yuan END) AS yuan, count(CASE WHEN sure IS NOT NULL THEN yuan END) AS known
WITH p, coalesce(sure >= $tau, false) AS maker, CASE WHEN known > 0 THEN yuan END AS output, e._yuan AS capital,
    e._held IS NOT NULL AND any(span IN split(e._held, ' ') WHERE left(span, 8) <= $day_text AND $day_text <= right(span, 8)) AS titled
WITH p, maker, maker AND titled AS titled, CASE WHEN maker THEN output END AS output, CASE WHEN maker THEN capital END AS capital
WITH p, sum(toInteger(maker)) AS makers, sum(toInteger(NOT maker)) AS reviews, sum(toInteger(titled)) AS titled,
    collect(output) AS outputs, sum(output) AS output_sum, collect(capital) AS capitals
RETURN p.id AS product, p._makers AS national, makers, reviews, titled, size(outputs) AS outputs_known, output_sum,
    CASE WHEN size(outputs) = makers THEN outputs ELSE [] END AS outputs, size(capitals) AS capitals_known,
    CASE WHEN size(capitals) = makers AND (size(outputs) < makers OR output_sum = 0) THEN capitals ELSE [] END AS capitals
