// The makers themselves, inside or outside a place, best first, at most $limit a product.
// Of several MAKES of an enterprise that show one product, confirmed ones come first, then the more certain, then the product itself.
// Those in a place are found by index, as in coverage.cypher; those of the country, outside or in a park by walking from the product.
// $states: the states of MAKES that are looked at; $state: what is asked for; $outside: those not in the place.
UNWIND $products AS id
MATCH (p:Product {id: id})
CALL (p) {
    RETURN p AS made
    UNION
    MATCH (made:Product)-[:ROLLS_UP_TO]->(p)
    WHERE $state <> 'rejected'
    RETURN made
}
CALL (made) {
    WITH made
    WHERE $parks IS NULL AND NOT $outside AND $state <> 'rejected' AND $low >= 0
    WITH made, made._at + $low AS first, made._at + $high AS last
    MATCH (e)-[m:MAKES]->(end) USING INDEX m:MAKES(_at)
    WHERE first <= m._at <= last AND end = made
    RETURN m, e
    UNION ALL
    WITH made
    WHERE $parks IS NOT NULL OR $outside OR $state = 'rejected' OR $low < 0
    MATCH (made)<-[m:MAKES]-(e:Enterprise)
    WHERE m._superseded IS NULL AND m.state IN $states AND ($state <> 'rejected' OR m.method <> 'link')
        AND CASE WHEN $parks IS NULL THEN $low <= e._number AND e._number <= $high ELSE coalesce(e.park IN $parks, false) END <> $outside
    RETURN m, e
}
WITH p, e, m, made
WHERE e._since <= $day AND $day < e._until
WITH p, e, m, made, m.state = 'confirmed' AS confirmed, coalesce(m.confidence, 0.0) AS confidence
ORDER BY confirmed DESC, round((1 - confidence) * 1000000), made = p DESC, made.id
WITH p, e, head(collect({m: m, made: made.id})) AS best, max(CASE WHEN confirmed THEN confidence END) AS sure, max(confidence) AS likely,
    sum(CASE WHEN confirmed THEN m._yuan END) AS sure_yuan, count(CASE WHEN confirmed THEN m._yuan END) AS sure_known,
    sum(m._yuan) AS yuan, count(m._yuan) AS known
WITH p, e, best, coalesce(sure, likely) AS confidence, coalesce(sure >= $tau, false) AS maker,
    CASE WHEN $state = 'rejected' THEN null WHEN sure IS NULL AND known > 0 THEN yuan WHEN sure_known > 0 THEN sure_yuan END AS yuan
WHERE maker = ($state = 'confirmed')
ORDER BY confidence DESC, coalesce(e._yuan, -1) DESC, e.id
WITH p, collect({e: e, best: best, confidence: confidence, yuan: yuan}) AS found
UNWIND found[..$limit] AS one
WITH p, one, one.e AS e, one.best.m AS m
RETURN p.id AS product, one.best.made AS made, e.id AS enterprise, coalesce(e.name, e.id) AS name, e.short_name AS short_name,
    e.region AS region, e.code AS code, e.entry AS entry, one.confidence AS confidence, m.share AS share, one.yuan AS yuan,
    e.registered_capital AS registered_capital_wan, e.revenue AS revenue_wan,
    [(e)-[h:HOLDS]->(t:Title) WHERE h._since <= $day AND $day <= h._until | t.title] AS titles,
    m.method AS method, m.evidence AS evidence, m.source AS source, m.row AS row
