// What one enterprise is said to make, counted or not, and under which id.
MATCH (e:Enterprise {id: $id})-[m:MAKES]->(p:Product)
RETURN coalesce(m._said_of, e.id) AS enterprise, p.id AS product, properties(m) AS p
