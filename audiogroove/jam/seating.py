"""Who sits where, and under which name."""

from dataclasses import replace

from audiogroove.errors import JamFault, JamRefused
from audiogroove.jam.jam import Jam, Player
from audiogroove.jam.settings import Settings, Way
from audiogroove.music.piece import MAX_NAME_CHARS, clean_name

SOMEBODY = "somebody"
NUMBER_CHARS = 4  # of a name, for telling two apart


def name_for(jam: Jam, name: str) -> str:
    """Name a new player so that no two have the same: "Bob", "Bob 2"."""
    wished = clean_name(name)[: MAX_NAME_CHARS - NUMBER_CHARS].strip() or SOMEBODY
    names = {player.name for player in jam.players}
    numbered = (f"{wished} {count}" for count in range(2, len(names) + 2))
    return next(each for each in (wished, *numbered) if each not in names)


def seat_for(jam: Jam, wished: int | None, besides: str = "") -> int | None:
    """Find a seat: the wished one, or else the first that is free; None where there are none.

    Raises:
        JamRefused: when it is taken by another than `besides`, or none is free.
    """
    if jam.settings.way is Way.SECTIONS:
        return None
    taken = {
        player.seat: player.name
        for player in jam.players
        if player.seat is not None and player.key != besides
    }
    free = [seat for seat in range(len(jam.settings.seats)) if seat not in taken]
    if wished in taken:
        raise JamRefused(JamFault.SEAT_TAKEN, who=taken[wished])
    if wished is not None and wished not in free:
        raise JamRefused(JamFault.NO_SUCH_SEAT)
    if not free:
        raise JamRefused(JamFault.FULL)
    return free[0] if wished is None else wished


def reseated(jam: Jam, settings: Settings) -> Jam:
    """Play by other settings: whoever can keeps their instrument, the others get what is free."""
    seated = replace(
        jam,
        settings=settings,
        players=tuple(replace(player, seat=None) for player in jam.players),
    )
    for at, player in enumerate(jam.players):
        seated = _seated(seated, at, _same_seat(jam, player, seated))
    if settings.way is Way.PARTS:
        for at, player in enumerate(seated.players):
            if player.seat is None and not player.has_left:
                seated = _seated(seated, at, seat_for(seated, None))
    return seated


def _seated(jam: Jam, at: int, seat: int | None) -> Jam:
    player = replace(jam.players[at], seat=seat)
    return replace(jam, players=(*jam.players[:at], player, *jam.players[at + 1 :]))


def _same_seat(before: Jam, player: Player, now: Jam) -> int | None:
    """Find the free seat with the instrument that a player had."""
    if player.seat is None:
        return None
    word = before.settings.seats[player.seat].word
    taken = {each.seat for each in now.players}
    seats = enumerate(now.settings.seats)
    return next((at for at, seat in seats if seat.word == word and at not in taken), None)
