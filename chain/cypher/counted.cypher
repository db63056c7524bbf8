// Makers of every wanted product in the whole store, as counted when the store was written.
UNWIND $products AS id
MATCH (p:Product {id: id})
RETURN p.id AS product, p._makers AS national
