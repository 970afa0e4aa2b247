"""How often each chat may be sent something: sliding windows, the clock passed in.

A limit of N in P seconds holds in every window of P seconds, wherever it begins; that is how the
platforms count, and what a bucket that refills would break by up to twice.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

FEWEST_KEPT = 256  # chats; below this nobody tidies up


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages in any `period_s` seconds."""

    count: int
    period_s: float

    def __post_init__(self) -> None:
        if self.count < 1 or self.period_s <= 0:
            raise ValueError(f"no message would ever go: {self}")


class Pace:
    """When each chat may be sent the next message; remembers no more than its limits ask for."""

    def __init__(self, limits_of: Callable[[str], tuple[Limit, ...]]) -> None:
        """Set up a pace; `limits_of` tells the limits of a chat, always the same ones."""
        self._limits_of = limits_of
        self._sent: dict[str, deque[float]] = {}  # when, the latest last
        self._held: dict[str, float] = {}  # until when
        self._full = FEWEST_KEPT

    def __len__(self) -> int:
        """Count the chats that are remembered."""
        return len(self._sent.keys() | self._held.keys())

    def ready_at(self, chat: str, now_s: float) -> float:
        """Tell when the chat may be sent the next message: `now_s` when it may at once."""
        ready_s = max(now_s, self._held.get(chat, now_s))
        sent = self._sent.get(chat)
        for limit in self._limits_of(chat) if sent else ():
            if sent and len(sent) >= limit.count:
                ready_s = max(ready_s, sent[-limit.count] + limit.period_s)
        return ready_s

    def spend(self, chat: str, now_s: float) -> None:
        """Count a message that is sent now."""
        limits = self._limits_of(chat)
        if not limits:
            return
        if chat not in self._sent:
            self._tidy(now_s)
            self._sent[chat] = deque(maxlen=max(limit.count for limit in limits))
        self._sent[chat].append(now_s)

    def hold(self, chat: str, until_s: float) -> None:
        """Send the chat nothing before `until_s`, whatever its limits say."""
        self._held[chat] = max(until_s, self._held.get(chat, until_s))

    def _tidy(self, now_s: float) -> None:
        """Forget the chats whose past no longer matters, now and then: it costs a look at all."""
        if len(self) < self._full:
            return
        self._held = {chat: until_s for chat, until_s in self._held.items() if until_s > now_s}
        self._sent = {chat: sent for chat, sent in self._sent.items() if self._counts(chat, now_s)}
        self._full = max(FEWEST_KEPT, 2 * len(self))

    def _counts(self, chat: str, now_s: float) -> bool:
        """Tell whether the last message to a chat is still in a window."""
        latest_s = self._sent[chat][-1]
        return any(latest_s + limit.period_s > now_s for limit in self._limits_of(chat))
