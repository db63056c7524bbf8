// Supply relations between enterprises, with names and places of both ends, that fit all conditions given.
// $of: ids of enterprises of which supplier or buyer must be one; null for all. $seller and $taker: places, as in coverage.cypher, or null.
CALL () {
    UNWIND $of AS id
    MATCH (a:Enterprise {id: id})-[s:SUPPLIES]->(b:Enterprise)
    RETURN a, s, b
    UNION
    UNWIND $of AS id
    MATCH (b:Enterprise {id: id})<-[s:SUPPLIES]-(a:Enterprise)
    RETURN a, s, b
    UNION
    MATCH (r:Region)<-[:LOCATED_IN]-(a:Enterprise)
    WHERE $of IS NULL AND $seller IS NOT NULL AND $seller.parks IS NULL AND $seller.low <= r._number <= $seller.high
    MATCH (a)-[s:SUPPLIES]->(b:Enterprise)
    RETURN a, s, b
    UNION
    UNWIND CASE WHEN $of IS NULL THEN $seller.parks END AS park
    MATCH (a:Enterprise {park: park})-[s:SUPPLIES]->(b:Enterprise)
    RETURN a, s, b
    UNION
    MATCH (r:Region)<-[:LOCATED_IN]-(b:Enterprise)
    WHERE $of IS NULL AND $seller IS NULL AND $taker IS NOT NULL AND $taker.parks IS NULL AND $taker.low <= r._number <= $taker.high
    MATCH (b)<-[s:SUPPLIES]-(a:Enterprise)
    RETURN a, s, b
    UNION
    UNWIND CASE WHEN $of IS NULL AND $seller IS NULL THEN $taker.parks END AS park
    MATCH (b:Enterprise {park: park})<-[s:SUPPLIES]-(a:Enterprise)
    RETURN a, s, b
    UNION
    UNWIND CASE WHEN $of IS NULL AND $seller IS NULL AND $taker IS NULL THEN [true] END AS everywhere  // else no enterprise is looked at
    MATCH (a:Enterprise)-[s:SUPPLIES]->(b:Enterprise)
    RETURN a, s, b
}
WITH a, s, b
WHERE ($seller IS NULL OR CASE WHEN $seller.parks IS NULL THEN $seller.low <= a._number AND a._number <= $seller.high
        ELSE coalesce(a.park IN $seller.parks, false) END)
    AND ($taker IS NULL OR CASE WHEN $taker.parks IS NULL THEN $taker.low <= b._number AND b._number <= $taker.high
        ELSE coalesce(b.park IN $taker.parks, false) END)
RETURN a.id AS supplier, coalesce(a.name, a.id) AS supplier_name, a.region AS supplier_region,
    b.id AS buyer, coalesce(b.name, b.id) AS buyer_name, b.region AS buyer_region,
    s.product AS product, s.year AS year, s.amount AS amount_wan, s.share AS share, s.share_of AS share_of, s.source AS source, s.row AS row
