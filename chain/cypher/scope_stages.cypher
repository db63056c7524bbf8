// Stages of one chain.
MATCH (s:Stage {chain: $chain})
RETURN s.name AS name, s.position AS position, s.description AS description
