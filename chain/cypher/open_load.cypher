// A load of several transactions begins, or one that was left open is taken over by the same or another.
MERGE (l:Load {key: 'open'})
SET l.who = $who, l.token = $token, l.since = $since, l.done = 0, l.total = $total, l.phase = $phase, l.new = $new, l.gone = $gone,
    l.links_anew = $links_anew, l.touched = datetime.realtime().epochMillis
