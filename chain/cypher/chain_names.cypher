// Chains of which some source has a row.
MATCH (c:Chain)
WHERE c._own IS NOT NULL
RETURN c.id AS id
