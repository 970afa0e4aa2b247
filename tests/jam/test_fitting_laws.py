"""What holds of every file that becomes a take, in jams of any settings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused, TakeRefused
from audiogroove.jam.fitting import TAIL_STEPS, fitted_part, fitted_section
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.music.instruments import DRUMS, INSTRUMENTS
from audiogroove.music.piece import MAX_BARS, MAX_MELODIC_PARTS, Meter, Note, Part, Piece
from tests.strategies import METERS, keys, parts, pieces, tempos_bpm

SAX_SEAT, DRUM_SEAT = Seat("melody", "alto sax"), Seat("drums", "drums")


@st.composite
def jams(draw: st.DrawFn) -> Settings:
    """What is agreed, in any meter and key."""
    tempo_bpm, meter = draw(tempos_bpm), draw(st.sampled_from(METERS))
    bars = draw(st.integers(1, 16))
    return Settings(Way.SECTIONS, "blues", draw(keys), tempo_bpm, meter, bars)


@st.composite
def bands(draw: st.DrawFn, meter: Meter, bars: int) -> Piece:
    """Pieces of one meter, with drums anywhere or nowhere."""
    steps = bars * meter.bar_steps
    players = draw(st.lists(parts(steps), max_size=4))
    if draw(st.booleans()):
        drums = draw(parts(steps, is_drums=True))
        players.insert(draw(st.integers(0, len(players))), drums)
    return Piece(tuple(players), bars, ((0, meter),), key=draw(st.none() | keys))


@st.composite
def brought(draw: st.DrawFn) -> tuple[Piece, Settings]:
    """A file with some notes that has the meter of a jam, and what is agreed there."""
    settings = draw(jams())
    file = draw(bands(settings.meter, draw(st.integers(1, 20))))
    assume(file.note_count)
    return file, settings


@st.composite
def seated(draw: st.DrawFn) -> tuple[Piece, Piece, Settings, Seat]:
    """A file, a piece in the jam's bars, what is agreed, and a seat that the file has notes for."""
    file, settings = draw(brought())
    word = draw(st.sampled_from((*INSTRUMENTS, DRUMS))).word
    seat = Seat(word, word)
    assume(any(part.notes and part.is_drums == seat.part.is_drums for part in file.parts))
    base = draw(bands(settings.meter, settings.bars))
    if seat.part.is_drums:
        base = base.with_parts(part for part in base.parts if not part.is_drums)
    return file, base, settings, seat


def roomy(piece: Piece) -> bool:
    """Tell whether a piece has room for another four parts and sixteen bars."""
    return len(piece.parts) + 4 <= MAX_MELODIC_PARTS and piece.bars + 16 <= MAX_BARS


bases = pieces().filter(roomy)
Struck = set[tuple[int, int]]


def bar_by_bar(
    piece: Piece, notes: Iterable[Note], bars: Iterable[int], *, modulo: int = 128
) -> list[Struck]:
    """Tell (step within the bar, pitch or pitch class) of the notes that begin in each bar."""
    told = list(notes)
    lines = piece.bar_lines
    return [
        {
            (note.onset - lines[bar], note.pitch % modulo)
            for note in told
            if lines[bar] <= note.onset < lines[bar + 1]
        }
        for bar in bars
    ]


def turned(bars: Sequence[Struck], semitones: int) -> list[Struck]:
    """Move pitch classes, each by the same interval."""
    return [{(step, (pitch + semitones) % 12) for step, pitch in bar} for bar in bars]


def sources(file: Piece, players: Sequence[Part], count: int) -> list[int]:
    """Tell which bar of the file each of so many new bars comes from."""
    notes = [note for part in players for note in part.notes]
    first = file.bar_at(min(note.onset for note in notes))
    last_step = max(max(note.onset, note.end - 1 - TAIL_STEPS) for note in notes)
    length = file.bar_at(last_step) + 1 - first
    return [first + bar % length for bar in range(count)]


@settings(deadline=None)
@given(brought(), st.none() | bases)
def test_a_section_is_the_files_music_moved_as_one(
    drawn: tuple[Piece, Settings], base: Piece | None
) -> None:
    """Bar by bar the same onsets, drums as they are, all else by one interval of up to six."""
    file, settings = drawn
    mix = fitted_section(file, base, settings)
    old = base.bars if base else 0
    assert mix.bars == old + settings.bars
    new = range(old, mix.bars)
    taken = sources(file, file.parts, settings.bars)
    played = [note for part in mix.parts if not part.is_drums for note in part.notes]
    source = [note for part in file.parts if not part.is_drums for note in part.notes]
    moved = bar_by_bar(mix, played, new, modulo=12)
    still = bar_by_bar(file, source, taken, modulo=12)
    assert any(moved == turned(still, semitones) for semitones in range(-5, 7))
    struck = [note for part in mix.parts if part.is_drums for note in part.notes]
    source = [note for part in file.parts if part.is_drums for note in part.notes]
    assert bar_by_bar(mix, struck, new) == bar_by_bar(file, source, taken)


@settings(deadline=None)
@given(brought(), bases)
def test_a_section_leaves_what_was_there(drawn: tuple[Piece, Settings], base: Piece) -> None:
    """Each part keeps its notes and its place, but for drums, which stay last where they were."""
    file, settings = drawn
    mix = fitted_section(file, base, settings)
    for at, before in enumerate(base.parts):
        is_last = at == len(base.parts) - 1 and before.is_drums
        after = mix.parts[-1 if is_last else at]
        assert after.notes[: len(before.notes)] == before.notes
        assert all(note.onset >= base.steps for note in after.notes[len(before.notes) :])
        assert replace(after, notes=()) == replace(before, notes=())
    assert mix.bar_lines[: base.bars + 1] == base.bar_lines
    assert mix.tempos[: len(base.tempos)] == base.tempos
    assert (mix.key, mix.title) == (base.key, base.title)


@settings(deadline=None)
@given(brought(), st.none() | bases)
def test_new_bars_are_in_what_was_agreed(drawn: tuple[Piece, Settings], base: Piece | None) -> None:
    """In the jam's meter and tempo, whatever the piece was in; and its key from the beginning."""
    file, settings = drawn
    mix = fitted_section(file, base, settings)
    assert mix.meters[-1][1] == mix.meter_at(mix.bars - settings.bars) == settings.meter
    assert mix.tempos[-1][1] == settings.tempo_bpm
    assert mix.tempos[-1][0] <= (base.steps if base else 0)
    assert base or mix.key == settings.key


@settings(deadline=None)
@given(seated())
def test_a_part_joins_a_band_that_plays_on(drawn: tuple[Piece, Piece, Settings, Seat]) -> None:
    """One part more, on the seat's instrument, over all bars; the others to the last bit."""
    file, base, settings, seat = drawn
    mix = fitted_part(file, base, settings, seat)
    (new,) = (part for part in mix.parts if part not in base.parts)
    assert (new.program, new.is_drums) == (seat.part.program, seat.part.is_drums)
    assert new.name not in {part.name for part in base.parts}
    assert mix.with_parts(part for part in mix.parts if part is not new) == base


@settings(deadline=None)
@given(seated())
def test_a_part_is_one_of_the_files_moved_as_one(
    drawn: tuple[Piece, Piece, Settings, Seat],
) -> None:
    """From its own first note on, by one interval but for octaves."""
    file, base, settings, seat = drawn
    mix = fitted_part(file, base, settings, seat)
    (new,) = (part for part in mix.parts if part not in base.parts)
    struck = bar_by_bar(mix, new.notes, range(settings.bars), modulo=12)
    choices = [part for part in file.parts if part.notes and part.is_drums == new.is_drums]
    origins = [
        bar_by_bar(file, part.notes, sources(file, [part], settings.bars), modulo=12)
        for part in choices
    ]
    assert any(struck == turned(bars, semitones) for bars in origins for semitones in range(-5, 7))


@settings(deadline=None)
@given(pieces(), st.none() | pieces(), jams(), st.sampled_from([SAX_SEAT, DRUM_SEAT, None]))
def test_every_piece_fits_or_is_refused(
    file: Piece, base: Piece | None, settings: Settings, seat: Seat | None
) -> None:
    """There is no piece that ends in another error."""
    assume(file.note_count)
    if seat:
        base = None  # what a part joins is in the jam's bars
    try:
        mix = (
            fitted_part(file, base, settings, seat)
            if seat
            else fitted_section(file, base, settings)
        )
    except (TakeRefused, RequestRefused):
        return
    assert mix.bars == settings.bars + (base.bars if base else 0)
