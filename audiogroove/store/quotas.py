"""Quotas: the generic cell rate algorithm, one number a key, decided in one statement.

The number is the *theoretical arrival time* (TAT): when the key's bucket will be empty again. With
"one every T, burst b" a use moves it T further on from the later of itself and now, and is allowed
as long as it then lies no more than b·T ahead. What is refused changes nothing.

The clock is the wall's, so that quotas outlive the process; it may have been set back since. A TAT
that lies further ahead than any use could have put it is therefore taken for none.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, text

from audiogroove.errors import QuotaReached
from audiogroove.store.clock import US_PER_S
from audiogroove.store.rows import Charge
from audiogroove.store.tables import QUOTA

CLOCK_SKEW_US = 60 * US_PER_S  # by which the clocks of several processes may differ

# CASE, because SQLite's max() and PostgreSQL's greatest() are not shared.
_FROM = "CASE WHEN q.tat > :now AND q.tat <= :furthest THEN q.tat ELSE :now END"
_USE = text(
    f"INSERT INTO quota AS q (key, tat) VALUES (:key, :first) "  # noqa: S608  (no one's words)
    f"ON CONFLICT (key) DO UPDATE SET tat = {_FROM} + :t WHERE {_FROM} + :t <= :limit"
)


def charge(connection: Connection, now_us: int, charges: Sequence[Charge]) -> None:
    """Use each quota once.

    Raises:
        QuotaReached: when one or several are used up, for the one with the longest wait; the
            caller rolls the others back.
    """
    # In order of the keys: two that wait for each other's rows would wait for ever.
    refused = [
        (_wait_us(connection, now_us, each), each.whose)
        for each in sorted(charges, key=lambda each: each.key)
        if not _is_granted(connection, now_us, each)
    ]
    if refused:
        wait_us, whose = max(refused)
        raise QuotaReached(whose, retry_after_s=wait_us / US_PER_S)


def sweep(connection: Connection, now_us: int) -> None:
    """Delete the keys whose bucket is empty: they say nothing."""
    connection.execute(delete(QUOTA).where(QUOTA.c.tat < now_us))


def _is_granted(connection: Connection, now_us: int, each: Charge) -> bool:
    t_us = _t_us(each)
    use = {
        "key": each.key,
        "now": now_us,
        "t": t_us,
        "first": now_us + t_us,
        "limit": now_us + each.burst * t_us,
        "furthest": _furthest_us(now_us, each),
    }
    return connection.execute(_USE, use).rowcount > 0


def _wait_us(connection: Connection, now_us: int, each: Charge) -> int:
    """Tell how long until a quota that is used up will grant once more."""
    tat = connection.execute(select(QUOTA.c.tat).where(QUOTA.c.key == each.key)).scalar_one()
    start_us = int(tat) if now_us < tat <= _furthest_us(now_us, each) else now_us
    t_us = _t_us(each)
    return start_us + t_us - each.burst * t_us - now_us


def _t_us(each: Charge) -> int:
    return round(each.every_s * US_PER_S)


def _furthest_us(now_us: int, each: Charge) -> int:
    return now_us + each.burst * _t_us(each) + CLOCK_SKEW_US
