"""How a jam goes on: the next turn, a take laid down, the end. Used by `session` alone.

Nobody is asked here whether they may; every function makes a lawful jam of a lawful one.
"""

from dataclasses import replace

from audiogroove.jam.jam import MAX_ROLLS, Jam, Kind, Phase, Player, Take, Turn
from audiogroove.jam.settings import Way

MAX_MISSES = 2  # turns in a row; then somebody is passed over until they come back


def changed(jam: Jam, player: Player) -> Jam:
    """Put a player in the place of what they were."""
    players = tuple(player if each.key == player.key else each for each in jam.players)
    return replace(jam, players=players)


def with_host(jam: Jam) -> Jam:
    """Let the first who is there be host, where the host no longer is."""
    host = jam.player(jam.host)
    if host and host.is_active:
        return jam
    return replace(jam, host=jam.active[0].key) if jam.active else jam


def wound_up(jam: Jam, now_s: float, empty: Phase = Phase.EXPIRED) -> Jam:
    """End a jam with what is laid down; with nothing laid down, `empty` is its end."""
    phase = Phase.FINISHED if jam.takes else empty
    return replace(
        jam, phase=phase, turn=None, take=None, votes=(), is_voted=False, deadline_s=now_s
    )


def next_turn(jam: Jam, now_s: float) -> Jam:
    """Go on to the next turn, or end where there is none."""
    settings = jam.settings
    if settings.way is Way.SECTIONS and settings.form and len(jam.takes) >= len(settings.form):
        return wound_up(jam, now_s)
    following = _following(jam)
    if following is None:
        return wound_up(jam, now_s)
    player, round_number = following
    is_endless = settings.way is Way.SECTIONS and settings.form  # the form ends it
    if round_number > settings.rounds and not is_endless:
        return wound_up(jam, now_s)
    return with_turn(jam, Turn(jam.turns + 1, round_number, player.key), now_s)


def with_turn(jam: Jam, turn: Turn, now_s: float) -> Jam:
    """Wait for somebody to play."""
    return replace(
        jam,
        phase=Phase.TURN,
        turn=turn,
        turns=max(jam.turns, turn.number),
        take=None,
        votes=(),
        is_voted=False,
        deadline_s=now_s + jam.settings.waits.turn_s,
    )


def composing(
    jam: Jam, turn: Turn, now_s: float, *, density: str | None = None, is_stand_in: bool = False
) -> Jam:
    """Wait for the composer."""
    rolled = replace(
        turn, roll=turn.roll + 1, density=density, is_stand_in=is_stand_in, has_failed=False
    )
    return replace(
        jam,
        phase=Phase.TAKING,
        turn=rolled,
        take=None,
        votes=(),
        is_voted=False,
        deadline_s=now_s + jam.settings.waits.composing_s,
    )


def heard(jam: Jam, take: Take, now_s: float, *, is_voted: bool = False) -> Jam:
    """Wait for the player to judge their take."""
    return replace(
        jam,
        phase=Phase.HEARING,
        take=take,
        votes=(),
        is_voted=is_voted,
        deadline_s=now_s + jam.settings.waits.hearing_s,
    )


def laid_down(jam: Jam, take: Take, now_s: float) -> Jam:
    """Keep a take and go on."""
    return next_turn(replace(jam, take=None, takes=(*jam.takes, take)), now_s)


def turned_down(jam: Jam, turn: Turn, now_s: float) -> Jam:
    """Let the player try once more, if they may, else go on."""
    if turn.roll >= MAX_ROLLS or turn.is_stand_in:
        return next_turn(jam, now_s)
    return with_turn(jam, turn, now_s)


def take_of(jam: Jam, turn: Turn, piece: str, past_bar: int, kind: Kind) -> Take:
    """Make the take that a turn came to."""
    player = jam.player(turn.player)
    return Take(
        turn=turn.number,
        roll=turn.roll,
        round=turn.round,
        player=turn.player,
        kind=kind,
        piece=piece,
        first_bar=jam.bars if jam.settings.way is Way.SECTIONS else 0,
        past_bar=past_bar,
        seat=player.seat if player else None,
        is_second=turn.is_given_back,
    )


def _following(jam: Jam) -> tuple[Player, int] | None:
    """Tell whose turn comes next and in which round; None when nobody is there."""
    if jam.turn is None:
        return (jam.active[0], 1) if jam.active else None
    keys = [player.key for player in jam.players]
    after = keys.index(jam.turn.player) + 1
    for player in jam.players[after:]:
        if player.is_active:
            return player, jam.turn.round
    return (jam.active[0], jam.turn.round + 1) if jam.active else None
