// What the store says of itself, and the load that is open or was left open, if any. Asked before and after every read.
OPTIONAL MATCH (s:Lianpu {key: 'store'})
OPTIONAL MATCH (l:Load {key: 'open'})
RETURN s.version AS version, s.generation AS generation, s.as_of AS as_of, l.who AS who, l.token AS token, l.since AS since,
    l.done AS done, l.total AS total, l.phase AS phase, l.new AS new, l.gone AS gone, l.links_anew AS links_anew,
    (datetime.realtime().epochMillis - l.touched) / 1000.0 AS silent
