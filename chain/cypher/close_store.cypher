// The store is in its next state.
MATCH (s:Lianpu {key: 'store'})
SET s.version = $version, s.generation = s.generation + 1, s.as_of = $as_of
WITH s
OPTIONAL MATCH (l:Load {key: 'open'})
DELETE l
RETURN DISTINCT s.generation AS generation
