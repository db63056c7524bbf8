// Nodes of one label go. $keys: their keys.
UNWIND $keys AS key
MATCH (n:LABEL {KEY: key})
DETACH DELETE n
