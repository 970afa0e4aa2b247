"""Runs of jams as figures: rows with the same keys, for a table or for JSON."""

from collections.abc import Sequence

from tests.load.figures import MS, Row, quantile
from tests.load.jam_outcome import JamAccount
from tests.load.jams import JamRun


def jam_counts(run: JamRun) -> list[Row]:
    """Count what became of the jams, platform by platform."""
    return [_counted(each) for each in run.accounts]


def _counted(account: JamAccount) -> Row:
    outcomes = account.outcomes.values()
    return {
        "chat": account.chat,
        "jams": len(outcomes),
        "finished": sum(each.finished_s is not None for each in outcomes),
        "pieces once": len(outcomes) - len(account.lost) - len(account.doubled),
        "twice": len(account.doubled),
        "lost": len(account.lost),
        "takes": sum(each.takes for each in outcomes),
        "with sound": sum(each.sounds for each in outcomes),
        "card edits a minute at most": max((each.edits_a_minute for each in outcomes), default=0),
        "messages": max((each.messages_a_minute for each in outcomes), default=0),
        "429": account.too_many,
        "floods": account.flood,
        "violations": len(account.violations),
    }


def jam_waits(run: JamRun) -> list[Row]:
    """Tell how many ms passed until a take could be heard, and until a press was answered."""
    rows = []
    for account in run.accounts:
        takes_s = [wait for each in account.outcomes.values() for wait in each.waits_s]
        acks_s = [
            each.answered_s - each.at_s for each in account.presses if each.answered_s is not None
        ]
        for what, waits_s in {"take offered": takes_s, "press answered": acks_s}.items():
            if waits_s:
                rows.append(_waited(account.chat, what, [MS * each for each in waits_s]))
    return rows


def _waited(chat: str, what: str, waits_ms: Sequence[float]) -> Row:
    told = {f"p{100 * share:.0f}": round(quantile(waits_ms, share)) for share in (0.5, 0.95)}
    return {"chat": chat, "ms to": what, "of": len(waits_ms), **told, "most": round(max(waits_ms))}


def jam_presses(run: JamRun) -> list[Row]:
    """Count the presses and what they came to, platform by platform."""
    return [_pressed(each) for each in run.accounts]


def _pressed(account: JamAccount) -> Row:
    out_of_turn = [each for each in account.presses if each.press.is_out_of_turn]
    in_turn = [each for each in account.presses if not each.press.is_out_of_turn]
    return {
        "chat": account.chat,
        "presses": len(in_turn),
        "refused": sum(bool(each.refusal) for each in in_turn),
        "out of turn": len(out_of_turn),
        "refused out of turn": sum(bool(each.refusal) for each in out_of_turn),
        "unanswered": len(account.unanswered),
    }
