"""What a person is told when something goes wrong: each error, one sentence that helps.

The only place where errors become words; the command line and every chat say the same. What was
wrong comes first and what to do after the semicolon, all on one line.
"""

from collections.abc import Sequence
from functools import singledispatch
from math import ceil

from audiogroove.errors import (
    AudioGrooveError,
    Busy,
    CheckpointRejected,
    DatasetRejected,
    FileUnreachable,
    Gone,
    HubFault,
    HubRefused,
    JamFault,
    JamRefused,
    Lost,
    NotAllowed,
    NothingThere,
    QuotaReached,
    RenderingFailed,
    RequestRefused,
    SeedFault,
    SeedRejected,
    StoreFailed,
    TakeFault,
    TakeRefused,
    WishUnknown,
)

ASKED_CHARS = 60  # of a wish that are said again
NAME_CHARS = 40  # of a player's name: with it, a sentence still fits a notice of 200
FAULT_CHARS = 240
UNITS = (("second", 1, 90), ("minute", 60, 90), ("hour", 3_600, 36), ("day", 86_400, 366))

SEEDS = {
    SeedFault.EMPTY_FILE: "That file is empty; please send a MIDI file (.mid).",
    SeedFault.TOO_LARGE: (
        "That file is too large, {found:,.0f} bytes; at most {limit:,.0f} are read."
    ),
    SeedFault.NOT_MIDI: (
        "That is not a MIDI file; export it as a Standard MIDI File (.mid) and try again."
    ),
    SeedFault.DAMAGED: (
        "That MIDI file is damaged; open it in a music program, save it anew and try again."
    ),
    SeedFault.NO_NOTES: "There are no notes in that file; please send one that has some.",
    SeedFault.TOO_MANY_NOTES: ("That file has {found:,.0f} notes; at most {limit:,.0f} are read."),
    SeedFault.TOO_MANY_TRACKS: (
        "That file has {found:,.0f} tracks; at most {limit:,.0f} are read."
    ),
    SeedFault.TOO_LONG: "That file lasts too long; at most 30 minutes and 2,000 bars are read.",
    SeedFault.IMPOSSIBLE_VALUES: (
        "That MIDI file holds values that no music has; "
        "save it anew in a music program and try again."
    ),
    SeedFault.TOO_COSTLY: "That file takes too long to read; a shorter or simpler one will do.",
}
JAMS = {
    JamFault.NO_JAM: "No jam is open here; open one with /jam start.",
    JamFault.ONE_IS_OPEN: "A jam is open here already; join it, or finish it first.",
    JamFault.NEEDS_A_GROUP: "A jam needs a group; add me to one and open it there.",
    JamFault.NOT_PLAYING: "You are not playing in this jam; come in with /jam join.",
    JamFault.NOT_YOUR_TURN: "It is {who}'s turn; yours comes later.",
    JamFault.NOT_YOUR_TAKE: "This take is {who}'s; they decide about it.",
    JamFault.NOT_THE_HOST: "Only {who} can do that, as the host; please ask them.",
    JamFault.TOO_LATE: "It is too late for that; the jam's card shows what comes now.",
    JamFault.NOT_BEGUN: "This jam has not begun yet; its host begins it.",
    JamFault.HAS_BEGUN: "This jam has begun; what was agreed stays as it is.",
    JamFault.FULL: "This jam is full; please join the next one.",
    JamFault.SEAT_TAKEN: "That is {who}'s instrument already; please choose another one.",
    JamFault.NO_SUCH_SEAT: "There is no such instrument in this jam; please choose another one.",
    JamFault.NO_REROLLS: "That was this turn's last take; keep it, or pass.",
    JamFault.NOTHING_TO_UNDO: "No take of yours can be undone now; only the last one can, once.",
    JamFault.VOTED_ALREADY: "This take was put to the vote already; that is done once.",
    JamFault.TAKE_UNDER_WAY: "You have a take under way in another jam; please wait for it.",
    JamFault.NOTHING_LAID: "Nothing is laid down yet; keep a take first.",
    JamFault.BEING_COMPOSED: "Your take is being composed; please wait for it.",
    JamFault.ALL_VOTE: "All vote on your take; please wait for them.",
    JamFault.NO_CARD: "I cannot put a card up here; please try again, or let me write here.",
}
TAKES = {
    TakeFault.METER: "That file is in {found}; please bring one in {wanted}, as this jam is.",
    TakeFault.NO_DRUMS: "There are no drums in that file; you play them, so please bring some.",
    TakeFault.ONLY_DRUMS: (
        "There are only drums in that file; please bring something for your instrument, {wanted}."
    ),
    TakeFault.TOO_MANY_PARTS: (
        "With that file, the piece would have {found} parts; please bring one with fewer."
    ),
    TakeFault.TOO_MANY_NOTES: (
        "That file has {found} notes for this turn; please bring one with at most {wanted}."
    ),
}
HUB = {
    HubFault.NOT_FOUND: (
        "There is no model {where} on the Hub, or it is private; "
        "look at its name, and log in with `hf auth login` where it is yours."
    ),
    HubFault.NO_SUCH_REVISION: (
        "There is no such revision as {where} on the Hub; name a branch, a tag or a whole commit."
    ),
    HubFault.NOT_LOGGED_IN: (
        "The Hub wants to know who asks for {where}; "
        "log in with `hf auth login`, or set HF_TOKEN to a token that is valid."
    ),
    HubFault.NOT_ALLOWED: (
        "Your token does not allow that with {where}; "
        "use one that has the right to, or a repository of your own."
    ),
    HubFault.IS_PUBLIC: (
        "{where} is public, and nothing was sent; "
        "make it private on the Hub first, or leave out --private."
    ),
    HubFault.HAS_CHANGED: (
        "Somebody else published to {where} meanwhile, and nothing was changed; please try again."
    ),
    HubFault.TOO_MANY_REQUESTS: (
        "The Hub has had too many requests from here, {where} among them; "
        "please try again in a few minutes."
    ),
    HubFault.UNREACHABLE: (
        "The Hub cannot be reached about {where}; "
        "look at the network, at HF_ENDPOINT and at HF_HUB_OFFLINE."
    ),
    HubFault.DAMAGED: (
        "What came as {where} is not a model that I can use: {told}; "
        "please try again, or name another revision."
    ),
    HubFault.FAILED: "The Hub failed with {where} ({told}); please try again in a few minutes.",
}
WISHES = "a style, a key, a tempo, bars or instruments, as in “ragtime in D minor, 16 bars”"


@singledispatch
def sentence_for(error: AudioGrooveError) -> str:  # noqa: ARG001  (for those without words)
    """Say in one sentence what was wrong and what to do."""
    return "Something went wrong that I have no words for; please try again."


@sentence_for.register
def _(error: SeedRejected) -> str:
    return SEEDS[error.fault].format(found=error.found or 0, limit=error.limit or 0)


@sentence_for.register
def _(error: RequestRefused) -> str:
    said = "" if error.asked in (None, "") else f" “{_on_a_line(error.asked, ASKED_CHARS)}”"
    return f"I cannot do {error.field}{said}; possible is {error.possible}."


@sentence_for.register
def _(error: CheckpointRejected) -> str:
    why = _on_a_line(error.fault, FAULT_CHARS)
    return f"{error.folder} is not a model I can use: {why}; please name another folder."


@sentence_for.register
def _(error: DatasetRejected) -> str:
    why = _on_a_line(error.fault, FAULT_CHARS)
    return f"{error.folder} is no data set I can use: {why}; please name another folder."


@sentence_for.register
def _(error: WishUnknown) -> str:
    hint = f"perhaps you mean {_either(error.near)}" if error.near else f"you can wish for {WISHES}"
    return f"I do not understand “{_on_a_line(error.word, ASKED_CHARS)}”; {hint}."


@sentence_for.register
def _(error: Busy) -> str:
    pieces = "piece" if error.waiting == 1 else "pieces"
    full = (
        f"You have {error.waiting:,} {pieces} under way already"
        if error.own
        else f"I have my hands full with {error.waiting:,} {pieces}"
    )
    return f"{full}; please try again {when(error.retry_after_s)}."


@sentence_for.register
def _(error: QuotaReached) -> str:
    whose = "This chat has" if error.whose == "chat" else "You have"
    return f"{whose} had enough music for now; please try again {when(error.retry_after_s)}."


@sentence_for.register
def _(error: Lost) -> str:  # noqa: ARG001  (the cause is for the log)
    return "Your piece was lost on the way, through no fault of yours; please ask for it again."


@sentence_for.register
def _(error: Gone) -> str:
    new = "open a new one with /jam start" if error.what == "jam" else "ask for a new piece"
    return f"That {error.what} is no longer kept; please {new}."


@sentence_for.register
def _(error: NotAllowed) -> str:
    return f"You may not {error.what} here; please ask a moderator of this chat."


@sentence_for.register
def _(error: NothingThere) -> str:
    return (
        f"There is no piece here to {error.verb} yet; "
        "send a MIDI file (.mid) along, or begin with /compose."
    )


@sentence_for.register
def _(error: FileUnreachable) -> str:
    name = _on_a_line(error.name, ASKED_CHARS)
    return f"I cannot get the file “{name}” from this chat; please send it once more."


@sentence_for.register
def _(error: RenderingFailed) -> str:
    return f"I cannot make the {error.what} of this piece; its MIDI file has every note."


@sentence_for.register
def _(error: JamRefused) -> str:
    who = _on_a_line(error.who, NAME_CHARS) or "somebody else"
    return JAMS[error.fault].format(who=who)


@sentence_for.register
def _(error: TakeRefused) -> str:
    found, wanted = (_on_a_line(told, NAME_CHARS) for told in (error.found, error.wanted))
    return TAKES[error.fault].format(found=found, wanted=wanted)


@sentence_for.register
def _(error: HubRefused) -> str:
    where, told = _on_a_line(error.where, FAULT_CHARS), _on_a_line(error.told, FAULT_CHARS)
    return HUB[error.fault].format(where=where, told=told or "it did not say why")


@sentence_for.register
def _(error: StoreFailed) -> str:  # noqa: ARG001  (the fault is for the log)
    return "I cannot save anything just now; please try again in a few minutes."


def when(seconds: float) -> str:
    """Say how soon something is, never too early: "in 12 seconds", "in 3 minutes", "in 2 hours"."""
    for unit, unit_s, most in UNITS:
        if seconds <= unit_s * most:
            count = max(1, ceil(seconds / unit_s))
            return f"in {count} {unit}{'s' * (count > 1)}"
    return "later"


def _either(words: Sequence[str]) -> str:
    """Write "jazz", "jazz or brass", "jazz, brass or bass"."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _on_a_line(told: object, chars: int) -> str:
    """Write something on one line of at most so many characters."""
    shown = "".join(char if char.isprintable() else " " for char in str(told))
    line = " ".join(shown.split())
    return line if len(line) <= chars else line[: chars - 1] + "…"
