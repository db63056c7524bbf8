// Registers that say which region they are complete for.
MATCH (s:Source)
WHERE s.kind = 'register' AND s.region IS NOT NULL
RETURN properties(s) AS p
