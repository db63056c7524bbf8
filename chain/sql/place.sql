-- How many active enterprises lie in a place, how many of them are only parties, and how many titles they hold; how many no register of
-- the place names (0 without a register); of how many nobody says since when.
WITH here AS (
    SELECT eid, party, since FROM core WHERE {place} AND since <= $day AND $day < until
)
SELECT count(*) AS enterprises, count(*) FILTER (WHERE party) AS parties,
    (SELECT count(*) FROM titled WHERE eid IN (SELECT eid FROM here) AND since <= $day AND $day <= until) AS titled,
    (SELECT count(*) FROM core WHERE list_contains($outer::INTEGER[], region) AND {unplaced} AND since <= $day AND $day < until) AS coarse,
    (SELECT count(*) FROM here WHERE len($registers::VARCHAR[]) > 0 AND NOT party AND eid NOT IN
        (SELECT eid FROM enterprises WHERE list_contains($registers::VARCHAR[], source))) AS unregistered,
    count(*) FILTER (WHERE since = 0) AS undated
FROM here
