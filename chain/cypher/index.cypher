// Nodes of one label are also looked up by this property.
CREATE INDEX INDEX_NAME IF NOT EXISTS FOR (n:LABEL) ON (n.KEY)
