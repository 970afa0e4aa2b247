"""Sheet music: books, systems, pages, and the files that hold them."""

import io
import re
import zlib
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from audiogroove.errors import RenderingFailed
from audiogroove.music.notation import to_musicxml
from audiogroove.music.piece import STEPS_PER_QUARTER, Meter, Note, Part, Piece
from audiogroove.render.score import page
from audiogroove.render.score.books import MAX_STAVES, beat_mark, books, printed_tempos
from audiogroove.render.score.breaking import system_starts
from audiogroove.render.score.score import MAX_PICTURES, Score, engrave
from tests.strategies import pieces

FACTS = "Waltz · D minor · 92 BPM · 4 bars · seed 7"


def part(program: int = 40, *, pitch: int = 67, bars: int = 4, name: str = "") -> Part:
    """Play a quarter on every beat of 4/4."""
    beats = range(0, bars * 48, STEPS_PER_QUARTER)
    return Part(tuple(Note(at, pitch, 12) for at in beats), program, name=name)


DRUMS = Part(tuple(Note(at, 38, 6) for at in range(0, 192, 6)), is_drums=True)
PIANO = Part(tuple(Note(0, pitch, 192) for pitch in (36, 48, 72, 76)))
BAND = Piece((part(66), part(71), PIANO, part(33, pitch=40), DRUMS), bars=4)


@pytest.fixture(scope="module")
def band() -> Score:
    """Engrave the band once for all who look at it."""
    return engrave(BAND, title="A Band", facts=FACTS)


def picture(png: bytes) -> Image.Image:
    """Open a page, all of it."""
    opened = Image.open(io.BytesIO(png))
    opened.load()
    return opened


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Count the dark pixels of a part of a page."""
    return sum(image.crop(box).histogram()[:128])


def test_pages_are_dark_on_white(band: Score) -> None:
    """As wide as a page is, no higher than A4, and mostly empty."""
    for png in band.pages:
        image = picture(png)
        assert (image.mode, image.width) == ("L", page.WIDTH_PX)
        assert image.height <= page.HEIGHT_PX
        dark = ink(image, (0, 0, *image.size)) / image.width / image.height
        assert 0.005 < dark < 0.2


def test_title_and_facts_stand_above_the_music() -> None:
    """Each shows in pixels, and neither moves the other."""
    piece = Piece((part(bars=1),), 1)
    full, bare = (
        picture(engrave(piece, title=title, facts=facts).pages[0])
        for title, facts in (("Title", "facts"), ("", ""))
    )
    top = (0, 0, page.WIDTH_PX, 140)
    assert ink(full, top) > ink(bare, top) + 500


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "<b>&amp;\"'",
        "nul\0l\x1b[31m\ud800",
        "🎹🎶",
        "ラグタイム",
        "x" * 500,
        "a\u202eb\nc",
    ],
)
def test_any_title_can_be_engraved(title: str) -> None:
    """Markup, controls, emoji, half a surrogate pair, 500 letters."""
    assert engrave(Piece((part(bars=1),), 1), title=title, facts=title).pages


def test_a_part_may_have_any_name() -> None:
    """What the font lacks is not drawn, what is too long is cut."""
    named = [part(name=name, bars=1) for name in ("🎻", "W" * 64, "<&>")]
    assert engrave(Piece(tuple(named), 1), title="", facts="").pages


def test_the_same_piece_is_the_same_pages(band: Score) -> None:
    """No dice are thrown on the way."""
    again = engrave(BAND, title="A Band", facts=FACTS)
    assert (again.pages, again.pdf) == (band.pages, band.pdf)


def test_the_engraver_has_nothing_to_complain_about(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither about a band, nor one bar, nor where a tie leaves the printed page."""
    long = Part((Note(0, 60, 70 * 48),), program=40)
    for piece in (BAND, Piece((part(bars=1),), 1), Piece((long,), 70)):
        engrave(piece, title="", facts="")
    assert capfd.readouterr() == ("", "")


def test_musicxml_is_the_whole_score(band: Score) -> None:
    """Every part has every bar, and in every bar each voice adds up to the meter."""
    score = ET.fromstring(band.musicxml)  # noqa: S314  (it reads what we wrote)
    parts = score.findall("part")
    assert [len(each.findall("measure")) for each in parts] == [BAND.bars] * len(BAND.parts)
    for each in parts:
        whole = 4 * int(each.findtext("measure/attributes/divisions", "0"))
        for measure in each:
            lengths: dict[tuple[str, str], int] = {}
            for note in measure.findall("note"):
                voice = (note.findtext("staff", "1"), note.findtext("voice", "1"))
                length = int(note.findtext("duration", "0")) * (note.find("chord") is None)
                lengths[voice] = lengths.get(voice, 0) + length
            assert set(lengths.values()) == {whole}


def test_a_large_band_is_set_in_books() -> None:
    """At most four staves each, both hands of the piano together, in the order of the parts."""
    bound = books(to_musicxml(BAND), BAND)
    assert [book.names for book in bound] == [
        ("Tenor Sax", "Clarinet"),
        ("Acoustic Grand Piano", "Electric Bass (finger)", "Drum Kit"),
    ]


@given(st.lists(st.sampled_from([part(), PIANO, DRUMS]), min_size=1, max_size=8))
@settings(max_examples=10, deadline=None)
def test_no_book_is_higher_than_four_staves(parts: list[Part]) -> None:
    """However many parts there are and whatever they play, and none is left out."""
    seats = [each for at, each in enumerate(parts) if not each.is_drums or each not in parts[:at]]
    piece = Piece(tuple(seats), 4)
    bound = books(to_musicxml(piece), piece)
    staves = [
        sum(
            int(each.findtext("measure/attributes/staves", "1")) for each in book.score.iter("part")
        )
        for book in bound
    ]
    assert max(staves) <= MAX_STAVES
    assert sum(len(book.score.findall("part")) for book in bound) == len(seats)


def test_what_is_too_long_is_printed_in_part() -> None:
    """64 bars of eight parts on paper, in few pictures; the MusicXML has all."""
    piece = Piece((*[part(bars=70)] * 4, *[part()] * 5), 70)
    made = engrave(piece, title="", facts="")
    score = ET.fromstring(made.musicxml)  # noqa: S314
    assert [len(each) for each in score.findall("part")] == [70] * 9
    assert len(made.pages) == MAX_PICTURES
    assert made.pdf.count(b"/Type/Page/") > MAX_PICTURES
    printed = [each.score for each in books(made.musicxml, piece)]
    assert [len(each) for book in printed for each in book.findall("part")] == [64] * 8


def test_what_no_page_could_hold_is_refused() -> None:
    """Sixteen parts of two thousand bars would keep everybody waiting."""
    with pytest.raises(RenderingFailed) as failed:
        engrave(Piece((part(),) * 15, 2000), title="", facts="")
    assert failed.value.what == "score"


@given(pieces().filter(lambda piece: piece.bars * len(piece.parts) < 100))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_piece_has_a_page(piece: Piece) -> None:
    """Every meter, tempo, program and name; without notes, or even without parts."""
    made = engrave(piece, title=piece.title, facts=FACTS)
    assert 1 <= len(made.pages) <= MAX_PICTURES
    assert picture(made.pages[0]).width == page.WIDTH_PX


def test_the_pdf_has_every_page_without_loss(band: Score) -> None:
    """The pixels of the PDF are those of the pictures."""
    streams = re.findall(
        rb"/FlateDecode/Length \d+>>\nstream\n(.*?)\nendstream", band.pdf, re.DOTALL
    )
    assert [zlib.decompress(each) for each in streams] == [
        picture(each).tobytes() for each in band.pages
    ]
    table = int(band.pdf.split(b"startxref\n")[1].split(b"\n")[0])
    assert band.pdf[table:].startswith(b"xref\n")
    for number, entry in enumerate(re.findall(rb"(\d{10}) 00000 n ", band.pdf), start=1):
        assert band.pdf[int(entry) :].startswith(b"%d 0 obj" % number)


def test_systems_are_equally_full() -> None:
    """Nine bars where eight fit in a line are not eight and one."""
    assert system_starts([1.0] * 9, 8.0) in ([0, 4], [0, 5])
    assert system_starts([1.0] * 16, 4.5) == [0, 4, 8, 12]
    assert system_starts([9.0, 9.0], 8.0) == [0, 1]


@given(st.lists(st.floats(0.1, 3), min_size=1, max_size=64), st.floats(1, 10))
def test_no_system_is_too_wide(widths: list[float], room: float) -> None:
    """But for a single bar that is."""
    starts = system_starts(widths, room)
    assert starts[0] == 0
    for first, past in zip(starts, [*starts[1:], len(widths)], strict=True):
        assert past - first == 1 or sum(widths[first:past]) <= room + 1e-6


def test_a_single_system_gets_company_on_the_last_page() -> None:
    """Nobody turns a page for one line, and no page is higher than A4."""
    band = page.Band("", "", "", (False, 120))
    line = page.System("<g/>", (page.ROOM_PX, 400))
    pages = page.set_pages([line] * 5, band)
    assert [each.svg.count("<g/>") for each in pages] == [3, 2]
    assert max(each.height_px for each in pages) <= page.HEIGHT_PX


def test_tempo_marks_count_the_beats_of_the_meter() -> None:
    """Dotted quarters in 6/8, quarters in 3/4, whole numbers in both."""
    piece = Piece((), 2, meters=((0, Meter(6, 8)), (1, Meter(3, 4))), tempos=((0, 97.25),))
    assert beat_mark(piece, 0, 97.25) == (True, 65)
    assert beat_mark(piece, 36, 97.25) == (False, 97)


def test_a_tempo_that_only_breathes_is_not_marked() -> None:
    """Changes of less than three percent, and a second one in a bar, stay off the page."""
    piece = Piece((), 4, tempos=((0, 100.0), (48, 102.0), (96, 120.0), (108, 60.0)))
    assert printed_tempos(piece) == [(0, 100.0), (96, 120.0)]


def test_a_tempo_change_stands_above_its_bar() -> None:
    """It is drawn with a note of our own, for no text font has one."""
    steady = Piece((part(),), 4)
    changing = Piece((part(),), 4, tempos=((0, 120.0), (96, 60.0)))
    one, two = (picture(engrave(each, title="", facts="").pages[0]) for each in (steady, changing))
    assert ink(two, (0, 0, *two.size)) > ink(one, (0, 0, *one.size)) + 100
