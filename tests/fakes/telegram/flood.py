"""Telegram's limits on how much a bot may say, as far as they are known.

About one message a second in a chat, short bursts tolerated; twenty messages and edits a minute
in a group; thirty a second in all. Chat actions, reactions and questions do not count.
(core.telegram.org/bots/faq)
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BURST = 3
CHAT_INTERVAL_S = 1.0
GROUP_MESSAGES = 20
GROUP_WINDOW_S = 60.0
ALL_MESSAGES = 30
ALL_WINDOW_S = 1.0


@dataclass(frozen=True)
class FloodViolation:
    """More than is allowed. `rule`: "chat", "group", "overall", or "impatient".

    Impatient is who asks again in a chat before the `retry_after` of an earlier answer is over.
    """

    rule: str
    chat_id: int
    method: str
    wait_s: float  # until it would have been allowed


class Flood:
    """Counts what is said. With `is_enforced`, too much is answered with 429."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tokens: dict[int, tuple[float, float]] = {}  # what is left of a burst, and when
        self._said: dict[int, deque[float]] = {}  # by group; 0: all
        self._told_to_wait: dict[int, float] = {}  # until when, by chat
        self.is_enforced = False
        self.violations: list[FloodViolation] = []

    def admit(self, method: str, chat_id: int, weight: int, *, is_edit: bool) -> int | None:
        """Count one request; tell for how many seconds to wait if it is to be refused."""
        waits = {
            "impatient": self._told_to_wait.get(chat_id, 0.0) - self._clock(),
            "chat": 0.0 if is_edit else self._chat_wait_s(chat_id, weight),
            "group": self._window_wait_s(chat_id, GROUP_MESSAGES, GROUP_WINDOW_S, weight)
            if chat_id < 0
            else 0.0,
            "overall": self._window_wait_s(0, ALL_MESSAGES, ALL_WINDOW_S, weight),
        }
        broken = {rule: wait_s for rule, wait_s in waits.items() if wait_s > 1e-6}
        self.violations += [
            FloodViolation(rule, chat_id, method, wait_s) for rule, wait_s in broken.items()
        ]
        if broken and self.is_enforced:
            return self.tell_to_wait(chat_id, math.ceil(max(broken.values())))
        self._count(chat_id, weight, is_edit=is_edit)
        return None

    def tell_to_wait(self, chat_id: int, seconds: int) -> int:
        """Remember that a chat was answered with 429."""
        self._told_to_wait[chat_id] = self._clock() + seconds
        return seconds

    def _left(self, chat_id: int) -> float:
        left, at_s = self._tokens.get(chat_id, (float(BURST), 0.0))
        return min(BURST, left + (self._clock() - at_s) / CHAT_INTERVAL_S)

    def _chat_wait_s(self, chat_id: int, weight: int) -> float:
        """Albums go through as long as a burst has anything left."""
        return (min(weight, BURST) - self._left(chat_id)) * CHAT_INTERVAL_S

    def _window_wait_s(self, key: int, limit: int, window_s: float, weight: int) -> float:
        said = self._said.setdefault(key, deque())
        while said and said[0] <= self._clock() - window_s:
            said.popleft()
        over = len(said) + weight - limit
        if over <= 0 or not said:
            return 0.0
        return said[min(over, len(said)) - 1] + window_s - self._clock()

    def _count(self, chat_id: int, weight: int, *, is_edit: bool) -> None:
        now_s = self._clock()
        if not is_edit:
            self._tokens[chat_id] = (self._left(chat_id) - weight, now_s)
        for key in {0, min(0, chat_id)}:
            self._said.setdefault(key, deque()).extend([now_s] * weight)
