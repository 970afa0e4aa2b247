"""Who made which bars of a piece, where several people made it together."""

from dataclasses import dataclass

from audiogroove.music.piece import MAX_NAME_CHARS


@dataclass(frozen=True, slots=True)
class Credit:
    """Some bars of a part, or of all parts, as one player's; bars count from 0, half-open.

    Raises:
        ValueError: on construction, when there are no such bars, or the name cannot be shown.
    """

    player: str  # as shown; in one piece no two people have the same name
    first_bar: int
    past_bar: int
    part: int | None = None  # its place among the piece's parts; None is all of them

    def __post_init__(self) -> None:
        if not 0 <= self.first_bar < self.past_bar:
            raise ValueError(f"not bars: {self.first_bar} to {self.past_bar}")
        if not (self.player.isprintable() and 0 < len(self.player) <= MAX_NAME_CHARS):
            raise ValueError(f"not a player's name: {self.player!r}")


Credits = tuple[Credit, ...]  # where two hold the same bar, the later one counts


def players_of(credited: Credits) -> tuple[str, ...]:
    """Name all players, each once, in the order in which they come in."""
    return tuple(dict.fromkeys(each.player for each in credited))


def players_by_bar(credited: Credits, part: int, bars: int) -> tuple[str, ...]:
    """Name the player of each bar of a part of so many bars; "" where nobody is credited."""
    players = [""] * bars
    for each in credited:
        if each.part in {None, part}:
            held = range(each.first_bar, min(each.past_bar, bars))
            players[each.first_bar : each.past_bar] = [each.player] * len(held)
    return tuple(players)
