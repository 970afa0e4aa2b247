"""Where the systems of a score end: so that all are about equally full, and the last one, too.

verovio fills system after system and leaves what remains to the last, often a single bar. Here
the whole is looked at, as Knuth and Plass do with the lines of a paragraph ("Breaking Paragraphs
into Lines", 1981).
"""

from collections.abc import Sequence

FULLEST = 1.0
_FOURS = 0.01  # what it is worth that a system has four bars, or eight
_LAST = 0.5  # how much it matters that the last system is full, too


def system_starts(widths: Sequence[float], room: float) -> list[int]:
    """Tell which bars, counted from 0, begin a system; a system is at most `room` wide.

    Widths are those that bars have by nature, before systems are stretched to the margin.
    """
    costs, befores = [0.0], [0]
    for past in range(1, len(widths) + 1):
        ways, width = [], 0.0
        for first in range(past - 1, -1, -1):
            width += widths[first]
            if width > room * FULLEST and first < past - 1:
                break
            slack = max(0.0, 1 - width / room) ** 2
            cost = slack * (_LAST if past == len(widths) else 1.0)
            ways.append((costs[first] + cost - _FOURS * ((past - first) % 4 == 0), first))
        cost, first = min(ways)
        costs.append(cost)
        befores.append(first)
    starts, at = [], len(widths)
    while at > 0:
        at = befores[at]
        starts.append(at)
    return starts[::-1]
