"""Colours of parts and players, and of the ground they lie on; the same wherever they are shown."""

from audiogroove.music.credits import Credits, players_by_bar, players_of
from audiogroove.music.piece import Piece

# Bright on dark, neighbours far apart, teal and pink first: red and green blind tell them, too.
MELODIC = (
    "#5EEAD4", "#F472B6", "#FBBF24", "#818CF8", "#4ADE80",
    "#FB7185", "#38BDF8", "#C084FC", "#FB923C", "#A3E635",
    "#99F6E4", "#FBCFE8", "#FDE68A", "#C7D2FE", "#FECACA",
)  # fmt: skip
DRUMS = "#A9B7CB"
NOBODY = DRUMS  # where others are credited

GROUND, GROUND_BELOW = "#1B1D36", "#0A0B14"  # the top and the bottom of a picture
INK = "#F8FAFC"


def colours(piece: Piece) -> tuple[str, ...]:
    """Give each part its colour, as "#RRGGBB"."""
    alone = all(part.is_drums for part in piece.parts)  # then grey would be dull
    melodic = iter(MELODIC)
    return tuple(DRUMS if part.is_drums and not alone else next(melodic) for part in piece.parts)


def player_colours(credited: Credits) -> dict[str, str]:
    """Give each player a colour, as "#RRGGBB", in the order in which they come in."""
    return {player: MELODIC[at % len(MELODIC)] for at, player in enumerate(players_of(credited))}


def bar_colours(piece: Piece, credited: Credits) -> tuple[tuple[str, ...], ...]:
    """Tell the colour of each bar of each part: its player's, or nobody's; else the part's."""
    if not credited:
        return tuple((colour,) * piece.bars for colour in colours(piece))
    ours = player_colours(credited) | {"": NOBODY}
    return tuple(
        tuple(ours[player] for player in players_by_bar(credited, part, piece.bars))
        for part in range(len(piece.parts))
    )


def _shades(above: str, below: str) -> tuple[str, ...]:
    """List the colours between two, as many as eight bits can tell apart."""
    one, two = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (above, below))
    steps = max(abs(x - y) for x, y in zip(one, two, strict=True))
    mixed = (
        [round(x + (y - x) * at / steps) for x, y in zip(one, two, strict=True)]
        for at in range(steps + 1)
    )
    return tuple("#{:02X}{:02X}{:02X}".format(*shade) for shade in mixed)


SKY = _shades(GROUND, GROUND_BELOW)
