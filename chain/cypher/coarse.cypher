// How many active enterprises are known only to lie in one of the regions that contain a place. $unplaced: only those without a park.
UNWIND $outer AS number
MATCH (r:Region {_number: number})<-[:LOCATED_IN]-(e:Enterprise)
WHERE e._since <= $day AND $day < e._until AND (NOT $unplaced OR e.park IS NULL)
RETURN count(e) AS coarse
