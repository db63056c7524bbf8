// Everything new is there; from now on what is old goes. Done in one transaction with the exchange of the sources' nodes.
MATCH (l:Load {key: 'open', token: $token})
SET l.phase = 'removing', l.touched = datetime.realtime().epochMillis
RETURN l.token AS token
