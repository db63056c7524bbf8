// Relationships of one type are also looked up by this property.
CREATE INDEX INDEX_NAME IF NOT EXISTS FOR ()-[r:TYPE]-() ON (r.KEY)
