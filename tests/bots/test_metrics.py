"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from audiogroove.errors import Busy, StoreFailed
from bots.metrics import Meters, resident_bytes


def read(meters: Meters) -> dict[str, float]:
    """Read the text with Prometheus' own parser: by name and, in order, the labels' values."""
    data, _ = meters.expose()
    told = {}
    for family in text_string_to_metric_families(data.decode()):
        for sample in family.samples:
            name = sample.name.removeprefix("audiogroove_")
            told[" ".join([name, *(sample.labels[each] for each in sorted(sample.labels))])] = (
                sample.value
            )
    return told


def test_what_was_asked_is_counted_by_platform_and_verb() -> None:
    """Each apart."""
    meters = Meters()
    meters.asked("web", "compose")
    meters.asked("web", "compose")
    meters.asked("discord", "vary")
    told = read(meters)
    assert told["requests_total web compose"] == 2
    assert told["requests_total discord vary"] == 1


def test_errors_are_counted_by_their_class() -> None:
    """What nobody foresaw is one of them."""
    meters = Meters()
    meters.refused("telegram", Busy(own=True, waiting=4, retry_after_s=2))
    meters.refused("telegram", StoreFailed("disk full"))
    meters.refused("web", ZeroDivisionError())
    told = read(meters)
    assert told["errors_total Busy telegram"] == 1
    assert told["errors_total StoreFailed telegram"] == 1
    assert told["errors_total unforeseen web"] == 1


def test_waiting_is_told_as_a_histogram() -> None:
    """From accepted to delivered; a clock that steps back makes no negative wait."""
    meters = Meters()
    for seconds in (0.4, 1.2, 700.0, -3.0):
        meters.delivered("discord", seconds)
    told = read(meters)
    assert told["delivery_seconds_count discord"] == 4
    assert told["delivery_seconds_bucket 0.5 discord"] == 2
    assert told["delivery_seconds_bucket 2.0 discord"] == 3
    assert told["delivery_seconds_bucket +Inf discord"] == 4


def test_rendering_is_told_by_product() -> None:
    """As people call it."""
    meters = Meters()
    meters.rendered("sound as MP3", 0.7)
    assert read(meters)["rendering_seconds_sum sound as MP3"] == 0.7


def test_a_platform_that_nobody_knows_is_another() -> None:
    """Labels are bounded, whoever calls."""
    meters = Meters()
    for number in range(100):
        meters.asked(f"platform {number}", "compose")
    assert read(meters)["requests_total other compose"] == 100


def test_what_is_watched_is_read_when_somebody_looks() -> None:
    """And not before."""
    meters, queue = Meters(), {"running": 0.0, "waiting": 0.0}
    meters.watch("notes_per_second", "Notes written lately.", lambda: queue["running"] * 100)
    meters.watch_each("queue_jobs", "Jobs on the desk.", "state", lambda: queue)
    queue |= {"running": 2.0, "waiting": 7.0}
    told = read(meters)
    assert told["notes_per_second"] == 200
    assert told["queue_jobs running"] == 2
    assert told["queue_jobs waiting"] == 7


def test_two_houses_share_no_counter() -> None:
    """There is no global state."""
    one, two = Meters(), Meters()
    one.asked("web", "compose")
    assert "requests_total web compose" not in read(two)


def test_this_process_takes_up_memory() -> None:
    """Between a megabyte and a terabyte."""
    assert 2**20 < resident_bytes() < 2**40
