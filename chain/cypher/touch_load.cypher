// How far the open load has come; a load that is silent for long was left behind by a crash.
MATCH (l:Load {key: 'open', token: $token})
SET l.done = $done, l.touched = datetime.realtime().epochMillis
RETURN l.token AS token
