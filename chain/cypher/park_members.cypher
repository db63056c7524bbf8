// Whether any enterprise says that it lies in a park of this name.
MATCH (e:Enterprise {park: $park})
RETURN count(e) AS members
