// The store is in its next state. A new store begins with a number that an earlier one at this place never had.
MATCH (s:Lianpu {key: 'store'})
SET s.version = $version, s.generation = CASE s.generation WHEN 0 THEN timestamp() ELSE s.generation + 1 END, s.as_of = $as_of
WITH s
OPTIONAL MATCH (l:Load {key: 'open'})
DELETE l
RETURN DISTINCT s.generation AS generation
