"""The card of a jam: what is played, whose turn it is until when, what is laid down; buttons.

🎶 Jam no. 3 · ragtime in D minor · 4/4 at 96 bpm
▶ Bob, it is your turn: bars 5-8 (round 1 of 2), or I play for you in 2 minutes
Laid down: Ann 1-4
Players: Ann (host), Bob, Cleo (away)
"""

from collections.abc import Sequence

from audiogroove.jam.jam import MAX_ROLLS, Jam, Kind, Phase, Player, Take
from audiogroove.jam.settings import Way
from audiogroove.music import theory
from bots.chat import Button, Reply, Verb, moment
from bots.describing import range_text, style_name
from bots.jams.view import JamView

CELLS = 8  # of the progress bar
TOLD_TAKES = 8  # the last ones

Rows = tuple[tuple[Button, ...], ...]
NAME_CHARS = 16  # of a player on a card, which Telegram keeps to 1,024


def card_of(
    view: JamView, *, page: str = "", is_back: bool = False, is_sound_late: bool = False
) -> Reply:
    """Write a jam's card.

    `page` is where it can be watched, `is_back` tells that we were away, and `is_sound_late` that
    what is to be heard cannot be heard yet.
    """
    jam = view.jam
    lines = [f"🎶 {title(jam)} · {jam.settings.meter} at {jam.settings.tempo_bpm:g} bpm"]
    lines += ["I am back; nothing is lost, and everybody has at least a minute."] * is_back
    lines += [state_line(view), *_laid_line(jam), _players_line(jam)]
    if is_sound_late and not jam.phase.is_over:
        lines.append("Its sound follows.")
    if page and not jam.phase.is_over:
        lines.append(f"Watch and listen: {page}/j/{jam.id}")
    return Reply("\n".join(line for line in lines if line), buttons=buttons_of(view))


def title(jam: Jam) -> str:
    """Name a jam: "Jam no. 3 · ragtime in D minor"."""
    return f"Jam no. {jam.number} · {music_of(jam)}"


def music_of(jam: Jam) -> str:
    """Say what is played: "ragtime in D minor"."""
    return f"{style_name(jam.settings.style)} in {theory.key_name(jam.settings.key)}"


def state_line(view: JamView) -> str:
    """Say what a jam waits for, and until when."""
    jam = view.jam
    if jam.phase is Phase.LOBBY:
        begins = f"It begins when {_name(jam, jam.host)} says so, or {moment(jam.deadline_s)}"
        return f"{_rules(jam)}\nWho joins in? {begins}."
    if jam.phase is Phase.EXPIRED:
        return "It has ended: nothing was laid down." if jam.turns else "It has ended: nobody came."
    if jam.phase.is_over:
        return "🏁 Finished." if jam.phase is Phase.FINISHED else "It was called off."
    return _under_way(view)


def _under_way(view: JamView) -> str:
    jam = view.jam
    who, what, when = whose(jam), what_of(jam), moment(jam.deadline_s)
    if jam.phase is Phase.TURN:
        failed = "Nothing came of that take; please play once more. " if _has_failed(jam) else ""
        return f"▶ {failed}{who}, it is your turn: {what}{_round(jam)}, or I play for you {when}"
    if jam.phase is Phase.TAKING:
        return f"✍ {_capital(what)} by {who}: {_written(view)}"
    if jam.phase is Phase.HEARING:
        return f"🎧 {who}, do you keep it? {_capital(what)}; it is kept {when} unless you choose"
    return f"🗳 All vote on {what} by {who}: {_count(jam)}, time is up {when}"


def _has_failed(jam: Jam) -> bool:
    return jam.turn is not None and jam.turn.has_failed


def what_of(jam: Jam) -> str:
    """Say what the present turn is about: "bars 5-8", "bass over bars 1-8"."""
    settings, player = jam.settings, _current(jam)
    if settings.way is Way.SECTIONS:
        return f"bars {range_text((jam.bars, jam.bars + settings.bars))}"
    seat = player.seat if player else None
    instrument = settings.seats[seat].word if seat is not None else "a part"
    return f"{instrument} over bars {range_text((0, settings.bars))}"


def whose(jam: Jam) -> str:
    """Name the player whose turn it is."""
    return _name(jam, jam.turn.player) if jam.turn else ""


def laid_by(jam: Jam, takes: Sequence[Take]) -> str:
    """List takes: "Ann 1-4, Bob 5-8 (for them)", "Ann violin, Bob bass"."""
    told = []
    for take in takes:
        seated = take.seat is not None and take.seat < len(jam.settings.seats)
        what = (
            jam.settings.seats[take.seat].word
            if take.seat is not None and seated
            else range_text((take.first_bar, take.past_bar))
        )
        how = {Kind.STOOD_IN: " (played for them)", Kind.BROUGHT: " (own file)"}.get(take.kind, "")
        told.append(f"{_name(jam, take.player)} {what}{how}")
    return ", ".join(told)


# Lines.


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rules(jam: Jam) -> str:
    settings = jam.settings
    slow = " Half a day a turn." if settings.waits.turn_s > 3600 else ""
    if settings.way is Way.PARTS:
        free = [seat.label for at, seat in enumerate(settings.seats) if at not in _seated(jam)]
        rest = f" Free: {', '.join(free)}." if free else ""
        rounds = _times(settings.rounds)
        return f"Each has an instrument over the same {settings.bars} bars; {rounds}.{rest}{slow}"
    how_long = f"in the form {settings.form}" if settings.form else _times(settings.rounds)
    bars = "a bar" if settings.bars == 1 else f"{settings.bars} bars"
    return f"In turn, each goes on for {bars}; {how_long}.{slow}"


def _times(rounds: int) -> str:
    return "one round" if rounds == 1 else f"{rounds} rounds"


def _round(jam: Jam) -> str:
    has_form = jam.settings.form and jam.settings.way is Way.SECTIONS
    if jam.turn is None or has_form or jam.settings.rounds == 1:
        return ""
    return f" (round {jam.turn.round} of {jam.settings.rounds})"


def _written(view: JamView) -> str:
    turn, written = view.jam.turn, view.written
    if written is None:
        return "played for them, one moment" if turn and turn.is_stand_in else "one moment"
    filled = CELLS * written.bars // max(1, written.total)
    return f"{'▰' * filled}{'▱' * (CELLS - filled)} {written.bars} of {written.total} bars"


def _count(jam: Jam) -> str:
    votes_for = sum(is_for for _, is_for in jam.votes)
    against = len(jam.votes) - votes_for
    return f"{votes_for} for, {against} against, of {len(jam.active)}"


def _laid_line(jam: Jam) -> list[str]:
    if not jam.takes:
        return ["It goes on from an earlier jam."] * bool(jam.origin)
    takes = jam.takes
    if jam.settings.way is Way.PARTS:  # what was played anew is gone
        takes = tuple({take.seat: take for take in takes}.values())
    more = "… " if len(takes) > TOLD_TAKES else ""
    return [f"Laid down: {more}{laid_by(jam, takes[-TOLD_TAKES:])}"]


def _players_line(jam: Jam) -> str:
    told = []
    for player in jam.players:
        if player.has_left:
            continue
        seat = jam.settings.seats[player.seat].word if player.seat is not None else ""
        notes = [seat, *["host"] * (player.key == jam.host), *["away"] * player.is_parked]
        shown = ", ".join(note for note in notes if note)
        name = _short(player.name)
        told.append(f"{name} ({shown})" if shown else name)
    return f"Players: {', '.join(told)}" if told else ""


def _name(jam: Jam, key: str) -> str:
    player = jam.player(key)
    return _short(player.name) if player else ""


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1].rstrip()}…"


def _current(jam: Jam) -> Player | None:
    return jam.player(jam.turn.player) if jam.turn else None


def _seated(jam: Jam) -> set[int]:
    return {player.seat for player in jam.players if player.seat is not None}


# Buttons.


def buttons_of(view: JamView) -> Rows:
    """Lay out what can be done just now; buttons name the turn and roll that they belong to."""
    jam, turn = view.jam, view.jam.turn
    of_turn = f".{turn.number}" if turn else ""
    of_take = f"{of_turn}.{jam.take.roll}" if jam.take else ""
    rows: Sequence[Sequence[Button]] = ()
    match jam.phase:
        case Phase.LOBBY:
            rows = (*_seats(jam), _lobby(jam))
        case Phase.TURN:
            rows = (_play(jam, of_turn), _people(jam, can_undo=_can_undo(jam)))
        case Phase.TAKING:
            rows = (_people(jam),)
        case Phase.HEARING:
            rows = (_judge(jam, of_take), _again(jam, of_turn, of_take), _people(jam))
        case Phase.VOTING:
            rows = (_vote(jam, of_take), _people(jam))
        case Phase.FINISHED | Phase.EXPIRED | Phase.CANCELLED:
            pass
    return tuple(tuple(row) for row in rows if row)


def button(jam: Jam, label: str, what: str) -> Button:
    """Make a button of a jam."""
    return Button(label, Verb.JAM, jam.id, what)


def _lobby(jam: Jam) -> list[Button]:
    is_band = jam.settings.way is Way.PARTS
    other = "🔀 Sections instead" if is_band else "🔀 A band instead"
    joins = [] if is_band else [button(jam, "➕ Join", "join")]
    return [
        *joins,
        button(jam, "🚪 Leave", "leave"),
        button(jam, other, "way"),
        button(jam, "▶ Begin", "begin"),
        button(jam, "✖ Call off", "finish"),
    ]


def _seats(jam: Jam) -> list[list[Button]]:
    free = [
        button(jam, f"➕ {seat.label.capitalize()}", f"seat.{at}")
        for at, seat in enumerate(jam.settings.seats)
        if at not in _seated(jam)
    ]
    return [free[:4], free[4:]]


def _play(jam: Jam, of_turn: str) -> list[Button]:
    can_play = jam.turn is not None and jam.turn.roll < MAX_ROLLS
    plays = [
        button(jam, "▶ Play", f"play{of_turn}"),
        button(jam, "🔥 Busier", f"busier{of_turn}"),
        button(jam, "🍃 Calmer", f"calmer{of_turn}"),
    ]
    return [*(plays if can_play else []), button(jam, "⏭ Pass", f"pass{of_turn}")]


def _judge(jam: Jam, of_take: str) -> list[Button]:
    can_vote = not jam.is_voted and len(jam.active) > 1
    ask = [button(jam, "🗳 Let all vote", f"ask{of_take}")] if can_vote else []
    return [button(jam, "✅ Keep", f"keep{of_take}"), *ask]


def _again(jam: Jam, of_turn: str, of_take: str) -> list[Button]:
    left = MAX_ROLLS - jam.turn.roll if jam.turn else 0
    again = [
        button(jam, f"🎲 Again ({left} left)", f"roll{of_take}"),
        button(jam, "🔥 Busier", f"busier{of_take}"),
        button(jam, "🍃 Calmer", f"calmer{of_take}"),
    ]
    return [*(again if left > 0 else []), button(jam, "⏭ Pass", f"pass{of_turn}")]


def _vote(jam: Jam, of_take: str) -> list[Button]:
    votes_for = sum(is_for for _, is_for in jam.votes)
    against = len(jam.votes) - votes_for
    return [
        button(jam, f"👍 {votes_for}", f"for{of_take}"),
        button(jam, f"👎 {against}", f"against{of_take}"),
    ]


def _people(jam: Jam, *, can_undo: bool = False) -> list[Button]:
    undo = [button(jam, "↩ Undo", "undo")] if can_undo else []
    return [
        *undo,
        button(jam, "➕ Join", "join"),
        button(jam, "🚪 Leave", "leave"),
        button(jam, "🏁 Finish", "finish"),
    ]


def _can_undo(jam: Jam) -> bool:
    if not jam.takes or jam.takes[-1].is_second:
        return False
    player = jam.player(jam.takes[-1].player)
    return player is not None and not player.has_left
