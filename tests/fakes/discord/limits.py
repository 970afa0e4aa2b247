"""Discord's rate limits: who comes too often is told to wait, and it is counted."""

import re
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.clock import Clock

GLOBAL_CALLS = 50  # in any second, over all routes except those of interactions
INVALID_WINDOW_S = 600.0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many calls in a window; each channel or webhook has its own."""

    calls: int
    window_s: float


LIMITS = (
    # the first that fits counts
    ("POST", r"/interactions/.*", None),
    ("*", r"/webhooks/.*", Limit(5, 5.0)),
    ("POST", r"/channels/[^/]+/messages", Limit(5, 5.0)),
    ("PATCH", r"/channels/[^/]+/messages/[^/]+", Limit(5, 5.0)),
    ("DELETE", r"/channels/[^/]+/messages/[^/]+", Limit(5, 1.0)),
    ("*", r"/channels/[^/]+/messages/[^/]+/reactions/.*", Limit(4, 1.0)),
    ("POST", r"/channels/[^/]+/typing", Limit(5, 5.0)),
    ("*", r".*", Limit(30, 1.0)),
)


def limit_of(method: str, path: str) -> Limit | None:
    """Tell the limit of a route, None where there is none."""
    for verb, pattern, limit in LIMITS:
        if verb in {"*", method} and re.fullmatch(pattern, path):
            return limit
    return None


def is_interaction(path: str) -> bool:
    """Tell whether a path is exempt from the global limit and needs no bot token."""
    return path.startswith(("/interactions/", "/webhooks/"))


@dataclass(slots=True)
class Window:
    """What is left of one bucket."""

    began_s: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call may pass, and what its headers say."""

    headers: dict[str, str]
    allowed: bool
    retry_after_s: float = 0.0
    is_global: bool = False


@dataclass(slots=True)
class Flood:
    """How often the bot came too often; a bot that heeds the headers leaves all at zero."""

    by_route: dict[str, int] = field(default_factory=dict)
    over_global: int = 0
    invalid: int = 0  # answers 401, 403 and 429 in all; 10 000 in ten minutes are a ban

    @property
    def total(self) -> int:
        """All calls over a limit."""
        return self.over_global + sum(self.by_route.values())


class Limits:
    """The buckets."""

    def __init__(self, clock: Clock) -> None:
        self.flood = Flood()
        self._clock = clock
        self._windows: dict[tuple[str, str, str], Window] = {}
        self._recent: deque[float] = deque()

    def judge(self, method: str, route: str, path: str) -> Verdict:
        """Count one call and tell whether it may pass."""
        now = self._clock.now_s()
        if not is_interaction(path) and self._is_over_global(now):
            self.flood.over_global += 1
            retry = max(0.05, 1.0 - (now - self._recent[0]))
            headers = {"X-RateLimit-Global": "true"}
            return Verdict(headers, allowed=False, retry_after_s=retry, is_global=True)
        limit = limit_of(method, path)
        if limit is None:
            return Verdict({}, allowed=True)
        window = self._window(method, route, path, limit, now)
        window.used += 1
        left_s = max(0.0, window.began_s + limit.window_s - now)
        if window.used > limit.calls:
            self.flood.by_route[f"{method} {route}"] = (
                self.flood.by_route.get(f"{method} {route}", 0) + 1
            )
        headers = {
            "X-RateLimit-Limit": str(limit.calls),
            "X-RateLimit-Remaining": str(max(0, limit.calls - window.used)),
            "X-RateLimit-Reset": f"{self._clock.wall_s() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash((method, route))):032x}",
        }
        allowed = window.used <= limit.calls
        return Verdict(headers, allowed=allowed, retry_after_s=left_s)

    def _is_over_global(self, now: float) -> bool:
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        if len(self._recent) >= GLOBAL_CALLS:
            return True
        self._recent.append(now)
        return False

    def _window(self, method: str, route: str, path: str, limit: Limit, now: float) -> Window:
        major = "/".join(path.split("/")[1 : 4 if path.startswith("/webhooks/") else 3])
        key = (method, route, major)
        found = self._windows.get(key)
        if found is None or now - found.began_s >= limit.window_s:
            found = self._windows[key] = Window(began_s=now)
        return found
