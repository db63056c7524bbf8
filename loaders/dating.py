"""The date that facts are true for: told by a person, never made up; what to say where it is missing or cannot be."""

from __future__ import annotations

import datetime

_CHINA = datetime.timezone(datetime.timedelta(hours=8))


def date_notes(as_of: str | None, now: str) -> tuple[str, ...]:
    """What to tell a person about the data date of a load.

    Parameters
    ----------
    as_of
        ISO date the facts are true for, None where nobody said.
    now
        ISO time of the load, UTC; a date is in the future if it is later than that moment's day in China.

    >>> date_notes("2024-12-31", "2026-01-01T00:00:00+00:00"), date_notes("2026-01-02", "2026-01-01T20:00:00+00:00")
    ((), ())
    >>> date_notes("2026-01-03", "2026-01-01T20:00:00+00:00")[0]
    '数据日期 2026-01-03 在将来（今天是 2026-01-02）；核对 --as-of，写数据实际是哪一天的'
    """
    if as_of is None:
        return ("没有注明数据日期；载入时加 --as-of 2024-12-31 这样的日期",)
    moment = datetime.datetime.fromisoformat(now)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    today = moment.astimezone(_CHINA).date().isoformat()
    return (f"数据日期 {as_of} 在将来（今天是 {today}）；核对 --as-of，写数据实际是哪一天的",) if as_of > today else ()
