"""How long to wait: before the next try, and between news."""

from audiogroove.service.job import Event, Waiting

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # between tries
PATIENT_AHEAD = 40  # so many jobs before one's own make the pause between news twice as long


def pause_s(failures: int) -> float:
    """Tell how long to wait after so many failures in a row (from 0) before the next try."""
    return min(FIRST_PAUSE_S * 2.0 ** min(failures, 10), LONGEST_PAUSE_S)


def patient_s(least_s: float, event: Event | None) -> float:
    """Tell how long to wait until the next news of one job, where `least_s` is the least.

    In a long queue all places change all the time; telling everyone each would keep us from work.
    """
    ahead = event.ahead if isinstance(event, Waiting) else 0
    return least_s * (1 + ahead / PATIENT_AHEAD)
