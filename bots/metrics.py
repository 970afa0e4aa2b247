"""How much is done and how long it takes, for Prometheus; a registry of its own, no globals.

Labels are bounded: what is not known in advance is "other". No label ever names a person, a chat
or a job.
"""

import resource
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typing_extensions import override

from audiogroove.errors import AudioGrooveError

PLATFORMS = frozenset({"discord", "telegram", "web", "console"})
OTHER = "other"
STATM = Path("/proc/self/statm")  # sizes in pages: all, resident, …
UNFORESEEN = "unforeseen"
WAITS_S = (0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20, 40, 80, 160, 320)  # of a whole answer
MAKING_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30)  # of one rendering


class Meters:
    """Counts, and tells on demand."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._registry = registry = CollectorRegistry()
        self._asked = Counter(
            "audiogroove_requests",
            "What was asked, by platform and verb.",
            ("platform", "verb"),
            registry=registry,
        )
        self._refused = Counter(
            "audiogroove_errors",
            "What was answered with an error, by its class.",
            ("platform", "error"),
            registry=registry,
        )
        self._delivered = Histogram(
            "audiogroove_delivery_seconds",
            "Seconds from a request that was accepted to its piece in the chat.",
            ("platform",),
            buckets=WAITS_S,
            registry=registry,
        )
        self._rendered = Histogram(
            "audiogroove_rendering_seconds",
            "Seconds of making a preview, by what is made.",
            ("product",),
            buckets=MAKING_S,
            registry=registry,
        )

    def asked(self, platform: str, verb: str) -> None:
        """Count one thing that was asked."""
        self._asked.labels(_known(platform), str(verb)).inc()

    def refused(self, platform: str, error: Exception | None = None) -> None:
        """Count an answer that says what went wrong, by its class if it is an error of ours."""
        name = type(error).__name__ if isinstance(error, AudioGrooveError) else UNFORESEEN
        self._refused.labels(_known(platform), name).inc()

    def delivered(self, platform: str, seconds: float) -> None:
        """Count a piece that arrived, and how long it took since it was accepted."""
        self._delivered.labels(_known(platform)).observe(max(0.0, seconds))

    def rendered(self, product: str, seconds: float) -> None:
        """Count a preview that was made, and how long that took."""
        self._rendered.labels(str(product)).observe(seconds)

    def watch(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Show a number that is read whenever somebody looks; a name is given once.

        By convention a name ends in its unit: "queue_jobs", "loop_lag_seconds".
        """
        gauge = Gauge(f"audiogroove_{name}", about, registry=self._registry)
        gauge.set_function(read)

    def watch_each(
        self, name: str, about: str, label: str, read: Callable[[], Mapping[str, float]]
    ) -> None:
        """Show several numbers of one kind, told apart by a label with few values."""
        self._registry.register(_Each(f"audiogroove_{name}", about, label, read))

    def expose(self) -> tuple[bytes, str]:
        """Write everything in Prometheus' text format, and name that format's media type."""
        return exposition.generate_latest(self._registry), exposition.CONTENT_TYPE_PLAIN_0_0_4


class _Each(Collector):
    """Numbers that are read when somebody looks."""

    def __init__(
        self, name: str, about: str, label: str, read: Callable[[], Mapping[str, float]]
    ) -> None:
        self._name, self._about, self._label, self._read = name, about, label, read

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(self._name, self._about, labels=[self._label])
        for value, number in self._read().items():
            family.add_metric([value], number)
        yield family


def resident_bytes() -> float:
    """Tell how much memory this process has now; 0 where the system does not say so."""
    try:
        _, resident_pages, *_ = STATM.read_text("ascii").split()
    except OSError:
        return 0.0
    return float(int(resident_pages) * resource.getpagesize())


def _known(platform: str) -> str:
    return platform if platform in PLATFORMS else OTHER
