"""Who may make which move, and when; used by `session` alone."""

from audiogroove.errors import JamFault, JamRefused
from audiogroove.jam.jam import Jam, Phase, Player, Take, Turn

_BUSY = {Phase.TAKING: JamFault.BEING_COMPOSED, Phase.VOTING: JamFault.ALL_VOTE}


def check(fine: bool, fault: JamFault, who: str = "") -> None:  # noqa: FBT001
    """Refuse a move with a fault, unless all is fine.

    Raises:
        JamRefused: when it is not.
    """
    if not fine:
        raise JamRefused(fault, who=who)


def check_host(jam: Jam, key: str) -> None:
    """Refuse what the host alone may do to everybody else."""
    host = jam.player(jam.host)
    check(key == jam.host, JamFault.NOT_THE_HOST, host.name if host else "")


def check_phase(jam: Jam, *allowed: Phase) -> None:
    """Refuse what can be done in some phases only, and say what is waited for.

    Raises:
        JamRefused: in any other phase.
    """
    if jam.phase not in allowed:
        raise JamRefused(_BUSY.get(jam.phase, JamFault.TOO_LATE))


def playing(jam: Jam, key: str) -> Player:
    """Find a player who is in the jam, passed over or not.

    Raises:
        JamRefused: when there is none.
    """
    player = jam.player(key)
    if player is None or player.has_left:
        raise JamRefused(JamFault.NOT_PLAYING)
    return player


def own_turn(jam: Jam, key: str, number: int) -> Turn:
    """Find the turn of a player, the present one; `number` is the one that is meant, 0 for any.

    Raises:
        JamRefused: when it is another's, or another one.
    """
    check(not jam.phase.is_over, JamFault.TOO_LATE)
    turn = jam.turn
    if turn is None:
        raise JamRefused(JamFault.NOT_BEGUN)
    playing(jam, key)
    player = jam.player(turn.player)
    check(key == turn.player, JamFault.NOT_YOUR_TURN, player.name if player else "")
    check(number in {0, turn.number}, JamFault.TOO_LATE)
    return turn


def own_take(jam: Jam, key: str, turn: int, roll: int) -> Take:
    """Find the take that a player is to judge; refused as `own_turn` and `judged` refuse."""
    take = judged(jam, turn, roll)
    playing(jam, key)
    player = jam.player(take.player)
    check(key == take.player, JamFault.NOT_YOUR_TAKE, player.name if player else "")
    check_phase(jam, Phase.HEARING)
    return take


def judged(jam: Jam, turn: int, roll: int) -> Take:
    """Find the take that is judged, by the turn and roll that are meant.

    Raises:
        JamRefused: when it is another one.
    """
    take = jam.take
    if take is None or (take.turn, take.roll) != (turn, roll):
        raise JamRefused(JamFault.TOO_LATE)
    return take


def awaited(jam: Jam, turn: int, roll: int) -> Turn | None:
    """Find the turn for which a take is being composed; None when nobody waits for this one."""
    own = jam.turn
    is_awaited = jam.phase is Phase.TAKING and own and (own.number, own.roll) == (turn, roll)
    return own if is_awaited else None
