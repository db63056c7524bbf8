// How many active enterprises lie in a place, how many of them are only parties, and how many titles they hold; how many no register of
// the place names; of how many nobody says since when. $registers: ids of the registers.
CALL () {
    MATCH (r:Region)<-[:LOCATED_IN]-(e:Enterprise)
    WHERE $parks IS NULL AND $low <= r._number <= $high
    RETURN e
    UNION ALL
    UNWIND $parks AS park
    MATCH (e:Enterprise {park: park})
    RETURN e
}
WITH e
WHERE e._since <= $day AND $day < e._until
WITH e, e._since = 0 AS undated, CASE WHEN e._held IS NULL THEN 0
        ELSE COUNT { MATCH (e)-[h:HOLDS]->(t:Title) WHERE h._since <= $day AND $day <= h._until RETURN DISTINCT t.title, h._since, h._until } END AS titles,
    size($registers) > 0 AND NOT e._party AND NOT coalesce(e._own AND e.source IN $registers, false) AS doubtful
RETURN count(e) AS enterprises, count(CASE WHEN e._party THEN 1 END) AS parties, sum(titles) AS titled,
    count(CASE WHEN doubtful AND NOT EXISTS { (e)<-[:SAYS_OF]-(s:StatedEnterprise) WHERE s.source IN $registers } THEN 1 END) AS unregistered,
    count(CASE WHEN undated THEN 1 END) AS undated
