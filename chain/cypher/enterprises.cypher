// Enterprises of which some source has a row, by id; $ids: only these, $text: only those one of whose names contains it (null: all);
// $brief: only the properties by which people look for them.
CALL () {
    UNWIND $ids AS id
    MATCH (e:Enterprise {id: id})
    RETURN e
    UNION ALL
    UNWIND CASE WHEN $ids IS NULL THEN [true] END AS everywhere  // where ids are given, no other enterprise is looked at
    MATCH (e:Enterprise)
    RETURN e
}
WITH e
WHERE e._own IS NOT NULL AND ($text IS NULL OR any(name IN [e.name, e.short_name, e.former_names] WHERE name CONTAINS $text))
RETURN CASE WHEN $brief THEN e {.id, .name, .short_name, .former_names, .region, .code} ELSE properties(e) END AS p
ORDER BY e.id
LIMIT $limit
