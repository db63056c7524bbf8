// Nodes of one label, known by their key, get other properties. $rows: all they have from now on.
UNWIND $rows AS row
MATCH (n:LABEL {KEY: row.KEY})
SET n = row
