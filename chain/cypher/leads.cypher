// The enterprises that ids lead to.
UNWIND $ids AS id
MATCH (e:Enterprise {id: id})
RETURN e.id AS id
UNION
UNWIND $ids AS id
MATCH (:Alias {id: id})-[:LEADS_TO]->(e:Enterprise)
RETURN e.id AS id
