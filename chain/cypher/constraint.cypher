// Nodes of one label are told apart by their key; the constraint brings the index that every look-up uses.
CREATE CONSTRAINT CONSTRAINT_NAME IF NOT EXISTS FOR (n:LABEL) REQUIRE n.KEY IS UNIQUE
