"""Credits of `audiogroove.music.credits` for the tests: any, and who they name, bar by bar."""

from hypothesis import strategies as st

from audiogroove.music.credits import Credit, Credits


def credits_of(bars: int, parts: int, *, least: int = 0) -> st.SearchStrategy[Credits]:
    """Credits of a few players for bars and parts that there may be, overlapping as they like."""
    ranges = st.tuples(st.integers(0, bars), st.integers(1, bars))
    where = st.none() | st.integers(0, max(0, parts - 1))
    credit = st.builds(
        lambda player, bars_, part: Credit(player, bars_[0], bars_[0] + bars_[1], part),
        st.sampled_from(("Ann", "Bob", "Жанна", "田中", "Ann: Bob")),
        ranges,
        where,
    )
    return st.lists(credit, min_size=least, max_size=6).map(tuple)


def player_at(credited: Credits, part: int, bar: int) -> str:
    """Name the player of a bar of a part; "" where nobody is credited."""
    named = [
        each.player
        for each in credited
        if each.part in {None, part} and each.first_bar <= bar < each.past_bar
    ]
    return named[-1] if named else ""
