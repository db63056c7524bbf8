// The rows behind one enterprise as their sources state them.
MATCH (e:Enterprise {id: $id})
CALL (e) {
    WITH e WHERE e._own RETURN properties(e) AS p
    UNION ALL
    MATCH (e)<-[:SAYS_OF]-(s:StatedEnterprise) RETURN properties(s) AS p
}
OPTIONAL MATCH (o:Source {id: p.source})
RETURN p, o.file AS file, o.sheet AS sheet, o.kind AS kind, o.as_of AS as_of
