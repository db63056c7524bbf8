// The right to write: whoever sets a property of the store's node holds its lock until the transaction ends.
MERGE (s:Lianpu {key: 'store'})
ON CREATE SET s.generation = 0
SET s.locked = true
REMOVE s.locked
RETURN s.generation AS generation
