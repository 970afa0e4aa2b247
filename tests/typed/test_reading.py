"""Wishes as people type them in a chat: what is understood, and what is answered otherwise."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiogroove.errors import AudioGrooveError, RequestRefused, WishUnknown
from audiogroove.music.instruments import DRUMS, INSTRUMENTS
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.music.styles import STYLE_NAMES, STYLES
from audiogroove.music.theory import SCALES
from audiogroove.request import DENSITIES, ComposeRequest, Mode
from audiogroove.sentences import sentence_for
from audiogroove.typed import read_typed
from audiogroove.wishes import BY_NAME, MAX_WISH_CHARS, request_of
from audiogroove.wishes.presets import WORDS as PRESET_WORDS

TUNE = Piece((Part((Note(0, 60, 12), Note(96, 62, 12))),), bars=8)

UNDERSTOOD = [
    # as people ask for a piece
    ("", {}),
    ("please", {}),
    ("ragtime", {"style": "ragtime"}),
    (
        "ragtime 16 bars in d minor fast",
        {"style": "ragtime", "bars": "16", "key": "d minor", "tempo": "fast"},
    ),
    (
        "a slow waltz for violin and piano, 24 bars, in Eb major",
        {
            "tempo": "slow",
            "style": "waltz",
            "parts": "violin, piano",
            "bars": "24",
            "key": "Eb major",
        },
    ),
    (
        "Write me a bossa nova at 120 for flute, guitar and upright bass!",
        {"style": "bossa nova", "tempo": "120", "parts": "flute, guitar, upright bass"},
    ),
    (
        "heavy metal with distorted guitar, bass guitar and drum kit",
        {"style": "heavy metal", "parts": "distorted guitar, bass guitar, drum kit"},
    ),
    (
        "a nocturne for piano in C# minor, andante",
        {"style": "nocturne", "parts": "piano", "key": "C# minor", "tempo": "andante"},
    ),
    ("A slow blues in E, please!", {"tempo": "slow", "style": "blues", "key": "E"}),
    ("twelve-bar blues in A", {"bars": "12", "style": "blues", "key": "A"}),
    ("tango for bandoneon & violin", {"style": "tango", "parts": "bandoneon, violin"}),
    ("a short hymn for choir", {"bars": "short", "style": "hymn", "parts": "choir"}),
    ("play me a march", {"style": "march"}),
    ("🎷 jazz 🎷", {"style": "jazz"}),
    ("#jazz", {"style": "jazz"}),
    ("“slow waltz”", {"tempo": "slow", "style": "waltz"}),
    ("AN IRISH JIG IN BB MAJOR", {"style": "irish", "key": "BB MAJOR"}),
    # styles
    ("rock and roll", {"style": "rock and roll"}),
    ("R&B", {"style": "r&b"}),
    ("lo-fi hip-hop", {"style": "lofi hip hop"}),
    ("bossanova", {"style": "bossa nova"}),
    ("lofi beats", {"style": "lofi"}),
    ("a jazz trio", {"style": "jazz"}),
    ("a trio", {"style": "trio"}),
    ("jazz, swing", {"style": "jazz"}),
    ("something in the style of Chopin", {"style": "chopin"}),
    ("in baroque style", {"style": "baroque"}),
    ("piano style", {"style": "piano"}),
    ("style:drums", {"style": "drums"}),
    # keys
    ("in A", {"key": "A"}),
    ("a waltz in a", {"style": "waltz", "key": "a"}),
    ("in a slow tempo", {"tempo": "slow"}),
    ("a minor waltz", {"key": "a minor", "style": "waltz"}),
    ("D dorian mode", {"key": "D dorian"}),
    ("jazz, A blues", {"style": "jazz", "key": "A blues"}),
    ("A blues", {"style": "blues"}),
    ("E minor blues", {"key": "E minor", "style": "blues"}),
    ("B♭ major", {"key": "Bb major"}),
    ("in the key of F sharp minor", {"key": "F sharp minor"}),
    ("F♯m", {"key": "F#m"}),
    ("e-flat harmonic minor", {"key": "e-flat harmonic minor"}),
    ("cis-Moll", {"key": "C# moll"}),
    ("h-moll", {"key": "B moll"}),
    ("in E, guitar", {"key": "E", "parts": "guitar"}),
    ("with strict key of D minor", {"strict_key": "yes", "key": "D minor"}),
    ("strictly in D", {"strict_key": "yes", "key": "D"}),
    # time
    ("140bpm", {"tempo": "140"}),
    ("100 beats per minute", {"tempo": "100"}),
    ("@ 96", {"tempo": "96"}),
    ("♩=96", {"tempo": "96"}),
    ("fast, 140 bpm", {"tempo": "140"}),
    ("very slow", {"tempo": "very slow"}),
    ("slow and gentle", {"tempo": "slow"}),
    ("a medium tempo", {"tempo": "medium tempo"}),
    ("in 6/8", {"meter": "6/8"}),
    ("3/4 time", {"meter": "3/4"}),
    ("in cut time", {"meter": "cut"}),
    # bars
    ("sixteen bars", {"bars": "16"}),
    ("32 bars long", {"bars": "32"}),
    ("go on for 8 more bars", {"bars": "8"}),
    ("a 12-bar jazz tune", {"bars": "12", "style": "jazz"}),
    ("bars 5-8", {"range": "5-8"}),
    ("vary bars 5 to 8", {"range": "5-8"}),
    ("from bar 5 to bar 8", {"range": "5-8"}),
    ("measures 3–6", {"range": "3-6"}),
    ("rewrite bar 7, safer", {"range": "7", "temperature": "safer"}),
    ("the first four bars", {"range": "1-4"}),
    ("5-8", {"range": "5-8"}),
    # who plays
    ("add bass and drums", {"parts": "bass, drums"}),
    ("two violins, viola and cello", {"parts": "violins, violins, viola, cello"}),
    ("violin ii and a solo cello", {"parts": "violin ii, solo cello"}),
    ("e-piano + e-bass", {"parts": "e piano, e bass"}),
    ("drums", {"parts": "drums"}),
    ("jazz guitar", {"parts": "jazz guitar"}),
    ("bass and lead guitar", {"parts": "bass, lead guitar"}),
    # how
    ("sparse", {"density": "sparse"}),
    ("AABA", {"form": "AABA"}),
    ("an aaba form", {"form": "aaba"}),
    ("AA’BA", {"form": "AA'BA"}),
    ("A B A", {"form": "A B A"}),
    ("more adventurous", {"temperature": "more adventurous"}),
    ("steady rhythm", {"rhythm_temperature": "steady"}),
    ("ragtime, loose", {"style": "ragtime", "preset": "loose"}),
    ("funk in the pocket", {"style": "funk", "preset": "in the pocket"}),
    ("play it straight", {"preset": "straight"}),
    ("tight, straight", {"preset": "tight"}),
    ("way out, temperature 1", {"preset": "way out", "temperature": "1"}),
    # by name
    (
        "jazz 140bpm key=Bb bars:32 temperature=1.2 top_k 40",
        {
            "style": "jazz",
            "tempo": "140",
            "key": "Bb",
            "bars": "32",
            "temperature": "1.2",
            "top_k": "40",
        },
    ),
    (
        'style:ragtime bars:16 key:"D minor" tempo:96 temperature:1.1 top_k:40',
        {
            "style": "ragtime",
            "bars": "16",
            "key": "D minor",
            "tempo": "96",
            "temperature": "1.1",
            "top_k": "40",
        },
    ),
    ("style: bossa nova tempo: slow", {"style": "bossa nova", "tempo": "slow"}),
    ("key:D minor jazz", {"key": "D minor", "style": "jazz"}),
    ("key: a, tempo of 120", {"key": "a", "tempo": "120"}),
    ("tempo: 120 bpm", {"tempo": "120"}),
    ("seed 42 strict key", {"seed": "42", "strict_key": "yes"}),
    ("strict-key:no", {"strict_key": "no"}),
    (
        "parts: violin, two violas, cello and drums; meter=3/4",
        {"parts": "violin, violas, violas, cello, drums", "meter": "3/4"},
    ),
    ("topk 40, top p 0.9, min-p:.05", {"top_k": "40", "top_p": "0.9", "min_p": ".05"}),
    ("rhythm temperature 0.8", {"rhythm_temperature": "0.8"}),
    ("form: A A' B A", {"form": "A A' B A"}),
    ("range: 5 to 8", {"range": "5-8"}),
    ("bpm 100", {"tempo": "100"}),
    ("--style jazz --bars 8 --strict-key", {"style": "jazz", "bars": "8", "strict_key": "yes"}),
    ("Dm blues", {"key": "Dm", "style": "blues"}),
    ("key:'E minor', strict-key", {"key": "E minor", "strict_key": "yes"}),
    ("feel: out", {"preset": "out"}),
    ("preset=in-the-pocket, seed 4", {"preset": "in the pocket", "seed": "4"}),
    ("a jazz feel for piano", {"style": "jazz", "parts": "piano"}),
    ("my key please", {}),
    ("key H", {"key": "H"}),  # refused by whoever grants wishes, with keys that there are
    ("density: heavy", {"density": "heavy"}),
]


@pytest.mark.parametrize(
    ("typed", "understood"), UNDERSTOOD, ids=[typed for typed, _ in UNDERSTOOD]
)
def test_wishes_are_understood_as_they_are_typed(typed: str, understood: dict[str, str]) -> None:
    """In any order, with any words around them."""
    assert read_typed(typed) == understood


WISH_FOR = "you can wish for a style, a key, a tempo, bars or instruments"
ANSWERED = [
    ("jaz", "I do not understand “jaz”; perhaps you mean jazz."),
    (
        "a waltz for clarinett",
        "I do not understand “clarinett”; perhaps you mean clarinet or clavinet.",
    ),
    ("dorain", "I do not understand “dorain”; perhaps you mean dorian or rain."),
    ("jazz, losse", "I do not understand “losse”; perhaps you mean loose"),
    ("loose, out", "I cannot do preset “loose and out”; possible is one of them."),
    ("tempoo 90", "I do not understand “tempoo”; perhaps you mean tempo, temp or uptempo."),
    ("120", "I do not understand “120”; perhaps you mean 120 bars or 120 bpm."),
    ("4 bananas", "I do not understand “4”; perhaps you mean 4 bars."),
    (
        "qwerty mzurka",
        "I do not understand “qwerty”; " + WISH_FOR + ", as in “ragtime in D minor, 16 bars”.",
    ),
    ("jazz without drums", "I do not understand “without”; " + WISH_FOR),
    ("no drums", "I do not understand “no”; "),
    ("colour:red", "I do not understand “colour”; "),
    ("in h minor", "I do not understand “h”; "),
    ("jazz waltz", "I cannot do style “jazz and waltz”; possible is one of them."),
    ("D minor, E minor", "I cannot do key “D minor and E minor”; possible is one of them."),
    ("16 bars, 8 bars", "I cannot do bars “16 and 8”; possible is one of them."),
    ("slow fast", "I cannot do tempo “slow and fast”; possible is one of them."),
    ("jazz in minor", "I cannot do key “minor”; possible is a note and a scale, such as C major"),
    ("b-moll", "I cannot do key “b-moll”; possible is Bb or B, with major or minor."),
    ("tempo", "I cannot do tempo; possible is a value, as in tempo:96."),
    ("style: , jazz", "I cannot do style; possible is a value, as in style:ragtime."),
    ("jazz " * 101, "I cannot do wishes “jazz jazz"),
]


@pytest.mark.parametrize(("typed", "answered"), ANSWERED, ids=[typed[:20] for typed, _ in ANSWERED])
def test_what_is_not_understood_is_answered(typed: str, answered: str) -> None:
    """With the word that was too much, and what may have been meant."""
    with pytest.raises(AudioGrooveError) as caught:
        read_typed(typed)
    assert sentence_for(caught.value).startswith(answered)


# Whatever is typed

WORDS = st.sampled_from(
    sorted(
        {word for typed, _ in UNDERSTOOD for word in typed.split()}
        | {word for style in STYLES for word in (style.name, *style.aliases)}
        | {each.word for each in INSTRUMENTS}
        | {*SCALES, *BY_NAME, "a", "A", "in", "and", ":", "=", '"', "'", "-", ",", "5", "1.5"}
    )
)


@given(st.text(max_size=2 * MAX_WISH_CHARS) | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_is_wishes_or_refused(text: str) -> None:
    """Never anything else."""
    try:
        names = set(read_typed(text))
    except (RequestRefused, WishUnknown):
        names = set()
    assert names <= set(BY_NAME)


@pytest.mark.parametrize(
    "typed", ["a " * 250, "key of " * 70, "1-" * 250, "A B " * 125, "two " * 125, '"' * 500]
)
def test_nothing_is_too_confusing_to_be_answered(typed: str) -> None:
    """What repeats itself for five hundred characters is read to its end, or to its fault."""
    try:
        names = set(read_typed(typed))
    except (RequestRefused, WishUnknown):
        names = set()
    assert names <= set(BY_NAME)


# Whatever is wished

SOME_PARTS = st.lists(
    st.sampled_from([each.word for each in (*INSTRUMENTS, DRUMS)]),
    min_size=1,
    max_size=4,
    unique=True,
)
VALUES: dict[str, st.SearchStrategy[str]] = {
    "style": st.sampled_from(STYLE_NAMES),
    "key": st.builds(
        "{} {}".format,
        st.sampled_from(["C", "F#", "Bb", "Eb", "B", "A", "d", "e", "a flat", "C sharp"]),
        st.sampled_from(sorted(SCALES)),
    ),
    "tempo": st.integers(20, 400).map(str) | st.sampled_from(sorted(BY_NAME["tempo"].words)),
    "meter": st.sampled_from(["2/4", "3/4", "6/8", "12/8"]),
    "bars": st.integers(8, 128).map(str),
    "range": st.sampled_from(["1-4", "5", "2-3"]),
    "parts": SOME_PARTS.map(", ".join),
    "density": st.sampled_from(DENSITIES),
    "form": st.sampled_from(["AABA", "AA'BA", "A B A", "abab", "A-B-A"]),
    "preset": st.sampled_from(sorted(PRESET_WORDS)),
    "temperature": st.floats(0.05, 3).map("{:.2f}".format),
    "rhythm_temperature": st.floats(0.05, 3).map("{:.2f}".format),
    "top_k": st.integers(0, 1000).map(str),
    "top_p": st.floats(0.01, 1).map("{:.3f}".format),
    "min_p": st.floats(0, 0.99).map("{:.3f}".format),
    "seed": st.integers(0, 2**63 - 1).map(str),
}
MODE_NEEDS = {Mode.VARY: {"range"}, Mode.ACCOMPANY: {"parts"}}
IN_OTHER_WORDS = {
    "style": "in {} style",
    "key": "in {}",
    "tempo": "tempo {}",
    "meter": "in {} time",
    "bars": "{} bars",
    "range": "from bar {}",
    "parts": "for {}",
    "density": "{}",
    "form": "form {}",
    "preset": "{}",
}


@st.composite
def some_wishes(draw: st.DrawFn, mode: Mode) -> dict[str, str]:
    """Wishes that can be granted together in a mode, in any order."""
    values = {name: values for name, values in VALUES.items() if mode in BY_NAME[name].modes}
    needed = MODE_NEEDS.get(mode, set())
    drawn: dict[str, str] = draw(
        st.fixed_dictionaries({name: values.pop(name) for name in sorted(needed)}, optional=values)
    )
    return dict(draw(st.permutations(list(drawn.items()))))


def request(mode: Mode, wishes: dict[str, str]) -> ComposeRequest:
    """Grant wishes."""
    return request_of(mode, wishes, seed=1, material=None if mode is Mode.COMPOSE else TUNE)


@given(st.data(), st.sampled_from(Mode), st.sampled_from([" ", ", ", "; ", "\n"]))
def test_named_wishes_read_back(data: st.DataObject, mode: Mode, gap: str) -> None:
    """To the letter, when they stand in quotation marks."""
    wishes = data.draw(some_wishes(mode))
    typed = gap.join(f'{name}:"{value}"' for name, value in wishes.items())
    assume(len(typed) <= MAX_WISH_CHARS)
    assert read_typed(typed) == wishes


@given(st.data(), st.sampled_from(Mode), st.sampled_from([":", "=", ": ", " = ", " "]))
def test_named_wishes_need_no_quotation_marks(data: st.DataObject, mode: Mode, sign: str) -> None:
    """They mean the same without, but for names that hold another wish: "blues", "and"."""
    wishes = data.draw(some_wishes(mode))
    assume(not any(word in " ".join(wishes.values()) for word in ("blues", " and ")))
    typed = " ".join(f"{name}{sign}{value}" for name, value in wishes.items())
    assume(len(typed) <= MAX_WISH_CHARS)
    assert request(mode, read_typed(typed)) == request(mode, wishes)


@given(st.data(), st.sampled_from(Mode))
def test_what_is_said_in_a_sentence_is_granted(data: st.DataObject, mode: Mode) -> None:
    """Whoever reads and whoever grants agree on what was meant."""
    wishes = data.draw(some_wishes(mode))
    assume(not any(word in " ".join(wishes.values()) for word in ("blues", " and ")))
    said = [IN_OTHER_WORDS.get(name, f"{name} {{}}").format(text) for name, text in wishes.items()]
    typed = f"Please {mode}: {', '.join(said)}!"
    assume(len(typed) <= MAX_WISH_CHARS)
    assert request(mode, read_typed(typed)) == request(mode, wishes)
