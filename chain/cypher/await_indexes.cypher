// A new index answers once it is built.
CALL db.awaitIndexes(300)
