"""Files of pieces that several people made: a track for each player and part."""

from collections import Counter
from dataclasses import replace
from io import BytesIO

import mido
import music21
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from audiogroove.music.credits import Credit, Credits
from audiogroove.music.midi import MAX_TRACKS, parse, write
from audiogroove.music.piece import MAX_NAME_CHARS, Note, Part, Piece
from tests.crediting import credits_of
from tests.strategies import pieces

BASS = Part(tuple(Note(12 * at, 36, 12) for at in range(16)), 32, name="Bass")
KIT = Part(
    tuple(Note(12 * at, 38 if at % 2 else 36, 3) for at in range(16)), is_drums=True, name="Kit"
)
DUO = Piece((BASS, KIT), 4)
JAM = (Credit("Ann", 0, 1), Credit("Bob", 1, 2), Credit("Ann", 2, 3), Credit("Cy", 0, 4, part=1))


def _names(data: bytes) -> list[str]:
    """List the tracks of a file after the first, which has no notes."""
    return [track.name for track in mido.MidiFile(file=BytesIO(data), charset="utf-8").tracks[1:]]


def _notes(piece: Piece) -> Counter[tuple[int, bool, Note]]:
    return Counter(
        (part.program, part.is_drums, note) for part in piece.parts for note in part.notes
    )


def test_each_player_has_a_track_for_each_part() -> None:
    """In the order of the parts, then of the players; what is nobody's keeps the part's name."""
    assert _names(write(DUO, JAM)) == ["Bass", "Ann: Bass", "Bob: Bass", "Cy: Kit"]


def test_a_note_is_its_players_in_whose_bar_it_begins() -> None:
    """Wherever it ends."""
    long = replace(BASS, notes=(Note(0, 40, 96), Note(60, 50, 12)))
    ann, bob = parse(write(Piece((long,), 4), JAM)).parts
    assert (ann.notes, bob.notes) == ((long.notes[0],), (long.notes[1],))


def test_tracks_of_a_part_share_its_channel_and_program() -> None:
    """Players are no instruments; drums are on the tenth channel, whoever plays them."""
    drummers = (Credit("Ann", 0, 2), Credit("Bob", 2, 4))
    file = mido.MidiFile(file=BytesIO(write(DUO, drummers)))
    said = [
        [
            (message.channel, message.program)
            for message in track
            if message.type == "program_change"
        ]
        for track in file.tracks[1:]
    ]
    assert said == [[(0, 32)], [(0, 32)], [(9, 0)], [(9, 0)]]


def test_two_drummers_are_one_drum_part_when_read() -> None:
    """A piece has at most one, and nothing of it is lost."""
    drummers = (Credit("Ann", 0, 2), Credit("Bob", 2, 4))
    (read,) = (part for part in parse(write(DUO, drummers)).parts if part.is_drums)
    assert read.notes == KIT.notes


def test_credits_of_other_parts_leave_a_part_as_it_was() -> None:
    """Name and all; so does a credit for bars that the piece has not."""
    elsewhere = (Credit("Ann", 0, 4, part=7), Credit("Bob", 100, 104))
    assert write(DUO, elsewhere) == write(DUO)


def test_a_part_without_a_name_goes_by_its_instrument() -> None:
    """Nobody plays nothing."""
    nameless = Piece((replace(BASS, name=""), replace(KIT, name="  ")), 4)
    assert _names(write(nameless, (Credit("Ann", 0, 4),))) == ["Ann: Upright bass", "Ann: Drums"]


def test_of_two_long_names_something_is_left_of_both() -> None:
    """Within what is read back of a name."""
    piece = replace(DUO, parts=(replace(BASS, name="B" * MAX_NAME_CHARS),))
    (part,) = parse(write(piece, (Credit("A" * MAX_NAME_CHARS, 0, 4),))).parts
    assert part.name == "A" * 31 + ": " + "B" * 31
    short = parse(write(DUO, (Credit("A" * MAX_NAME_CHARS, 0, 4),))).parts[0]
    assert short.name == "A" * 58 + ": Bass"


def test_names_in_any_script_are_kept() -> None:
    """In UTF-8, as all our names."""
    assert _names(write(DUO, (Credit("Жанна 🎷", 0, 4),))) == ["Жанна 🎷: Bass", "Жанна 🎷: Kit"]


@given(pieces().filter(lambda piece: piece.note_count > 0), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_together_the_tracks_are_the_piece(piece: Piece, data: st.DataObject) -> None:
    """Whoever played what: while there are few enough for none to be joined."""
    credited = data.draw(credits_of(bars=min(piece.bars, 20), parts=len(piece.parts)))
    read = parse(write(piece, credited))
    assume(sum(not part.is_drums for part in read.parts) < 15)
    assert _notes(read) == _notes(piece)


def test_of_more_tracks_than_are_read_the_same_programs_are_joined() -> None:
    """Five parts of four players are five parts again, or a few more of the same."""
    parts = tuple(replace(BASS, program=8 * at) for at in range(5))
    players = tuple(Credit(f"Player {bar}", bar, bar + 1) for bar in range(4))
    piece = Piece(parts, 4)
    read = parse(write(piece, players))
    assert len(read.parts) == 15
    assert _notes(read) == _notes(piece)


def test_credits_give_way_where_they_would_make_too_many_tracks() -> None:
    """What we write, we read: each of fifteen parts of five players is whole."""
    piece = Piece(tuple(replace(BASS, program=at) for at in range(15)), 5)
    longer = tuple(Note(12 * at, 36, 12) for at in range(20))
    piece = piece.with_parts(replace(part, notes=longer) for part in piece.parts)
    players = tuple(Credit(f"Player {bar}", bar, bar + 1) for bar in range(5))
    assert len(piece.parts) * len(players) > MAX_TRACKS
    assert write(piece, players) == write(piece)


def test_a_note_is_over_before_the_next_player_strikes_it() -> None:
    """Else programs that lay tracks of a channel together end the new one with the old one."""
    file = mido.MidiFile(file=BytesIO(write(DUO, JAM)))
    began: dict[tuple[int, int], int] = {}
    lengths, now = [], 0
    for message in mido.merge_tracks(file.tracks):
        now += message.time
        if message.type == "note_on":
            assert (message.channel, message.note) not in began
            began[message.channel, message.note] = now
        elif message.type == "note_off":
            lengths.append(now - began.pop((message.channel, message.note)))
    assert not began
    assert Counter(lengths) == {12 * 40: 13, 12 * 40 - 1: 3, 3 * 40: 16}


def test_another_program_finds_the_players() -> None:
    """music21: a named part for each track, with as many notes."""
    score = music21.converter.parse(write(DUO, JAM), format="midi")
    found = {part.partName: len(list(part.flatten().notes)) for part in score.parts}
    assert found == {"Bass": 4, "Ann: Bass": 8, "Bob: Bass": 4, "Cy: Kit": 16}


def test_equal_credits_make_equal_bytes() -> None:
    """Nothing of the moment goes into a file."""
    again: Credits = tuple(replace(each) for each in JAM)
    assert write(DUO, JAM) == write(DUO, again)
