"""Hypothesis strategies for legal values of `audiogroove.music.piece`, shared by the tests.

They cover the whole legal range (every meter, tempo, program and name), in pieces small enough to
be quick: a few bars, parts and notes, now and then many bars.
"""

from hypothesis import strategies as st

from audiogroove.music.piece import (
    DENOMINATORS,
    MAX_BARS,
    MAX_MELODIC_PARTS,
    MAX_NAME_CHARS,
    STEPS_PER_WHOLE,
    TEMPO_RANGE_BPM,
    Key,
    Meter,
    Note,
    Part,
    Piece,
    bar_lines,
)

METERS = tuple(
    Meter(numerator, denominator)
    for denominator in DENOMINATORS
    for numerator in range(1, 33)
    if numerator * STEPS_PER_WHOLE % denominator == 0
)

pitches = st.integers(0, 127)
velocities = st.integers(1, 127)
programs = st.integers(0, 127)
keys = st.builds(Key, st.integers(0, 11), st.sampled_from(("major", "minor")))
names = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=MAX_NAME_CHARS
)
tempos_bpm = st.integers(*(round(100 * bpm) for bpm in TEMPO_RANGE_BPM)).map(lambda n: n / 100)


def notes(steps: int = 400) -> st.SearchStrategy[Note]:
    """Notes that lie within the first `steps` steps."""

    @st.composite
    def within(draw: st.DrawFn) -> Note:
        onset = draw(st.integers(0, steps - 1))
        duration = draw(st.integers(1, min(48, steps - onset)) | st.integers(1, steps - onset))
        return Note(onset, draw(pitches), duration, draw(velocities))

    return within()


@st.composite
def parts(draw: st.DrawFn, steps: int = 400, *, is_drums: bool = False) -> Part:
    """Parts of up to a dozen notes, none overlapping on one pitch, within `steps` steps."""
    drawn = {(note.onset, note.pitch): note for note in draw(st.lists(notes(steps), max_size=12))}
    lawful: dict[int, Note] = {}
    kept: list[Note] = []
    for _, note in sorted(drawn.items(), reverse=True):
        after = lawful.get(note.pitch)
        end = min(note.end, after.onset) if after else note.end
        lawful[note.pitch] = Note(note.onset, note.pitch, end - note.onset, note.velocity)
        kept.insert(0, lawful[note.pitch])
    program = 0 if is_drums else draw(programs)
    return Part(tuple(kept), program, is_drums, draw(names))


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """Pieces of every kind: any meters and tempos, none to sixteen parts, drums anywhere."""
    gaps = draw(st.lists(st.integers(1, 6), max_size=4))
    starts = [sum(gaps[:at]) for at in range(len(gaps) + 1)]
    meters = tuple((bar, draw(st.sampled_from(METERS))) for bar in starts)
    bars = starts[-1] + draw(st.integers(1, 8) | st.integers(1, MAX_BARS - starts[-1]))
    steps = bar_lines(meters, bars)[-1]
    changes = draw(st.dictionaries(st.integers(1, steps - 1), tempos_bpm, max_size=4))
    tempos = sorted({0: draw(tempos_bpm), **changes}.items())
    melodic = st.lists(parts(min(steps, 2_000)), max_size=4)
    crowd = parts(min(steps, 200)).map(lambda part: [part] * MAX_MELODIC_PARTS)
    players = draw(melodic | crowd)
    if draw(st.booleans()):
        drums = draw(parts(min(steps, 2_000), is_drums=True))
        players.insert(draw(st.integers(0, len(players))), drums)
    return Piece(tuple(players), bars, meters, tuple(tempos), draw(st.none() | keys), draw(names))
