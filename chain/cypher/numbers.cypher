// The server's own numbers of nodes, in the order of their keys; they hold while a load goes on, and nothing keeps them longer.
UNWIND $keys AS key
MATCH (n:LABEL {KEY: key})
RETURN collect(id(n)) AS numbers
