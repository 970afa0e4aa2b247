"""Runs as figures: rows with the same keys, for a table or for JSON."""

import math
from collections.abc import Callable, Mapping, Sequence

from tests.load.outcome import Account, Outcome
from tests.load.stage import Run
from tests.load.vitals import Vitals

Row = dict[str, object]
SHARES = (0.5, 0.95, 0.99)
STEPS: Mapping[str, Callable[[Outcome], float | None]] = {
    "acknowledged": lambda each: each.acknowledged_s,
    "first progress": lambda each: each.progress_s,
    "complete reply": lambda each: next(iter(each.pieces_s), None),
    "told when to come back": lambda each: next(iter(each.refused_s), None),
}
MS = 1000


def quantile(values: Sequence[float], share: float) -> float:
    """Tell the least value that this share (0..1) of all stay within; there must be some."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def counts(run: Run) -> list[Row]:
    """Count what became of the asks, chat by chat."""
    return [_counted(each) for each in run.accounts]


def _counted(account: Account) -> Row:
    outcomes = account.outcomes.values()
    pieces = [at_s for each in outcomes for at_s in each.pieces_s]
    began_s = min((each.asked_s for each in outcomes), default=0.0)
    return {
        "chat": account.chat,
        "asked": len(outcomes),
        "pieces": len(pieces),
        "with picture": sum("picture" in each.previews for each in outcomes),
        "with sound": sum("sound" in each.previews for each in outcomes),
        "told when to come back": sum(bool(each.refused_s) for each in outcomes),
        "lost": len(account.lost),
        "“did not respond”": len(account.failed),
        "answered twice": len(account.doubled),
        "pieces/s": round(len(pieces) / (max(pieces) - began_s), 2) if pieces else 0,
        "messages": account.sent,
        "s at the platform's limit": "–" if account.floor_s is None else round(account.floor_s, 1),
        "429": account.too_many,
        "floods": account.flood,
        "violations": len(account.violations),
    }


def waits(run: Run) -> list[Row]:
    """Tell how many ms passed from the ask to each step, chat by chat."""
    return [
        _waited(account.chat, step, [MS * wait for wait in found])
        for account in run.accounts
        for step, at_s in STEPS.items()
        if (found := _waits_s(account, at_s))
    ]


def _waits_s(account: Account, at_s: Callable[[Outcome], float | None]) -> list[float]:
    reached = ((at_s(each), each.asked_s) for each in account.outcomes.values())
    return [at - asked for at, asked in reached if at is not None]


def _waited(chat: str, step: str, waits_ms: Sequence[float]) -> Row:
    told = {f"p{100 * share:.0f}": round(quantile(waits_ms, share)) for share in SHARES}
    return {
        "chat": chat,
        "ms to": step,
        "asks": len(waits_ms),
        **told,
        "most": round(max(waits_ms)),
    }


def process(vitals: Vitals, *, asking_s: float, took_s: float) -> list[Row]:
    """Tell how the process did, and the machine."""
    memory, (lag_p99, lag_most) = vitals.memory, vitals.lag_ms
    before, after = vitals.load
    cpu = {f"{name} CPU s": round(used, 1) for name, used in vitals.cpu_s.items()}
    return [
        {
            "s to ask": round(asking_s, 2),
            "s in all": round(took_s, 1),
            "MiB at start": round(memory.start),
            "MiB at most": round(memory.most),
            "MiB at end": round(memory.end),
            "loop lag ms p99": lag_p99,
            "loop lag ms most": lag_most,
            **cpu,
            "machine's load": f"{before:.1f} to {after:.1f}",
            "warnings": vitals.complaints.total(),
            "exit status": vitals.status,
        }
    ]


def newcomers(alone: Mapping[str, Outcome], behind: Mapping[str, Outcome]) -> list[Row]:
    """Compare the same wish alone and behind a pile, chat by chat."""
    asked = {"alone": alone, "behind the pile": behind}
    return [
        {
            "chat": chat,
            "ms to": step,
            **{how: _ms(by_chat[chat], at_s) for how, by_chat in asked.items()},
        }
        for chat in alone
        for step, at_s in STEPS.items()
        if step != "told when to come back"
    ]


def _ms(outcome: Outcome, at_s: Callable[[Outcome], float | None]) -> object:
    reached_s = at_s(outcome)
    return "–" if reached_s is None else round(MS * (reached_s - outcome.asked_s))


def table(rows: Sequence[Row]) -> str:
    """Draw rows with the same keys as a Markdown table."""
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|" + "--:|" * len(names)]
    lines += [f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows]
    return "\n".join(lines)
