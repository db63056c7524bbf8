// Nodes of one label, new. $rows: their properties. LABEL stands for a label of chain/server_model.py.
UNWIND $rows AS row
CREATE (n:LABEL)
SET n = row
