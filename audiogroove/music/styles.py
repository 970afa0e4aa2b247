"""The styles that people can ask for, and which music of the training corpus belongs to each.

One table: a style's name is what people type and what the model is told; the corpus' own small
tags (see its manifest) fold into it. Styles stand in the order in which a list shows them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from audiogroove.errors import RequestRefused


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of music with a name."""

    name: str  # lower case
    about: str  # one line for a help text, without a full stop
    tags: tuple[str, ...]  # of the corpus
    aliases: tuple[str, ...] = ()  # as `parse_style` reads them besides name and tags


STYLES = (
    Style(
        "classical piano",
        "Piano and harpsichord music of the age of Haydn and Mozart",
        ("classical_piano", "keyboard_historic", "modern_piano"),
        ("mozart", "haydn", "sonatina", "piano sonata", "classical", "harpsichord"),
    ),
    Style(
        "romantic piano",
        "Nocturnes, preludes and character pieces in the manner of Chopin",
        ("romantic_piano",),
        ("piano", "chopin", "nocturne", "romantic", "prelude", "etude", "solo piano"),
    ),
    Style(
        "ragtime",
        "Syncopated piano rags in the manner of Joplin",
        ("ragtime",),
        ("rag", "joplin", "stride"),
    ),
    Style(
        "bach chorale",
        "Four voices, note against note, in the manner of Bach",
        ("bach_chorale",),
        ("bach", "chorale", "chorales", "bach chorales", "jsb", "satb"),
    ),
    Style("hymn", "Plain hymns for four voices", ("hymn",), ("hymns", "church", "carol")),
    Style(
        "choral",
        "Masses and motets for choir, organ and orchestra",
        ("sacred_choral",),
        ("choir", "sacred", "mass", "requiem", "motet", "oratorio"),
    ),
    Style(
        "renaissance",
        "Unaccompanied polyphony: masses, motets and madrigals before 1650",
        ("renaissance",),
        ("medieval", "madrigal", "polyphony", "early music", "palestrina"),
    ),
    Style(
        "baroque",
        "Suites, concertos, sonatas and organ music of the age of Bach and Handel",
        ("baroque", "organ"),
        ("handel", "vivaldi", "fugue", "invention", "suite"),
    ),
    Style(
        "string quartet",
        "Two violins, viola and cello, from Haydn to Brahms",
        ("string_quartet",),
        ("quartet", "strings", "quartets", "beethoven"),
    ),
    Style(
        "chamber",
        "Duos, trios and wind serenades",
        ("classical_chamber",),
        ("chamber music", "trio", "duo", "serenade", "ensemble"),
    ),
    Style(
        "orchestral",
        "Symphonies and scenes for full orchestra",
        ("orchestral", "opera", "classical_ensemble"),
        ("orchestra", "symphony", "symphonic", "epic", "film", "cinematic"),
    ),
    Style(
        "art song",
        "A voice and a piano, in the manner of Schubert",
        ("art_song",),
        ("lied", "lieder", "song", "schubert", "voice and piano"),
    ),
    Style(
        "classical guitar",
        "Studies and dances for one guitar, in the manner of Sor",
        ("classical_guitar",),
        ("guitar", "spanish guitar", "nylon guitar", "lute", "acoustic guitar"),
    ),
    Style(
        "irish",
        "Jigs, reels and hornpipes: a tune alone",
        ("irish",),
        ("celtic", "jig", "reel", "hornpipe", "irish folk", "tune"),
    ),
    Style(
        "folk",
        "Airs and fiddle tunes of Scotland, England and America: a tune alone",
        ("folk",),
        ("fiddle", "air", "scottish", "strathspey", "traditional", "sea shanty", "old time"),
    ),
    Style("waltz", "Waltzes for piano and for bands", ("waltz",), ("waltzes", "valse", "musette")),
    Style(
        "ballroom",
        "Mazurkas, polonaises, polkas, minuets and marches",
        ("dance", "march"),
        ("mazurka", "polonaise", "polka", "minuet", "krakowiak", "marches", "galop"),
    ),
    Style(
        "pop",
        "Old songs as a pop band plays them: ballads and easy beats",
        ("pop", "tinpanalley"),
        ("ballad", "songbook", "tin pan alley", "lead sheet", "broadway", "evergreen"),
    ),
    Style("rock", "Guitars, bass and drums with a backbeat", ("rock",), ("rock and roll", "band")),
    Style(
        "jazz",
        "Swing, foxtrot, dixieland and jazz waltz",
        ("jazz",),
        ("swing", "foxtrot", "dixieland", "big band", "gypsy jazz", "bebop", "bop"),
    ),
    Style("blues", "Twelve bars for a band", ("blues",), ("shuffle", "boogie", "boogie woogie")),
    Style(
        "soul",
        "Soul, funk and gospel bands",
        ("funk_soul", "gospel"),
        ("funk", "spiritual", "motown", "r&b", "rnb", "disco"),
    ),
    Style(
        "country",
        "Country, bluegrass and folk bands",
        ("country",),
        ("bluegrass", "western", "hillbilly", "folk band", "americana"),
    ),
    Style(
        "latin",
        "Salsa, bossa nova, tango, calypso and ska",
        ("latin", "reggae_ska"),
        ("salsa", "bossa", "bossa nova", "samba", "tango", "reggae", "ska", "calypso", "mambo"),
    ),
    Style(
        "game",
        "Dark, driving music of shooter games",
        ("game", "electronic"),
        ("metal", "doom", "video game", "videogame", "heavy metal", "synth"),
    ),
    Style(
        "lofi",
        "Slow beats with soft seventh chords",
        ("lofi",),
        ("lo-fi", "lo fi", "chill", "chillhop", "lofi hip hop", "study beats"),
    ),
    Style(
        "drums",
        "A drum kit alone, as drummers play it",
        (
            "drums_afrobeat",
            "drums_afrocuban",
            "drums_blues",
            "drums_country",
            "drums_dance",
            "drums_funk",
            "drums_gospel",
            "drums_highlife",
            "drums_hiphop",
            "drums_jazz",
            "drums_latin",
            "drums_middleeastern",
            "drums_neworleans",
            "drums_pop",
            "drums_punk",
            "drums_reggae",
            "drums_rock",
            "drums_soul",
        ),
        ("drum", "beat", "beats", "groove", "drum groove", "percussion", "hip hop", "breakbeat"),
    ),
)
STYLE_NAMES = tuple(style.name for style in STYLES)

_BY_TAG: Mapping[str, str] = MappingProxyType(
    {tag: style.name for style in STYLES for tag in style.tags}
)

# Tags that tell where music was heard but not what plays it: there the programs decide.
_STAGE = frozenset({"opera", "classical_ensemble"})
_ACCOMPANIED = "synthetic_accompaniment"  # a folk tune that a band plays, not a fiddle alone
_VOICE = 52
_ORCHESTRA_PROGRAMS = 4  # fewer different ones are a chamber ensemble


def style_of(tag: str, tags: Collection[str] = (), programs: Collection[int] = ()) -> str | None:
    """Tell the style of a piece by the manifest's `style`, `tags` and `programs`.

    None when the tag is not in the table. Stage works go where their forces belong: a piano
    reduction alone to romantic piano, voices over a piano to art song, fewer than four
    different programs to chamber, and more to orchestral.
    """
    if tag == "folk" and _ACCOMPANIED in tags:
        return "country"
    if tag in _STAGE and programs:
        return _style_of_forces(set(programs))
    return _BY_TAG.get(tag)


def _style_of_forces(programs: set[int]) -> str:
    if programs == {0}:
        return "romantic piano"
    if len(programs) >= _ORCHESTRA_PROGRAMS:
        return "orchestral"
    return "art song" if _VOICE in programs else "chamber"


def parse_style(text: str) -> str:
    """Read a style as people type it, and tell its name in STYLE_NAMES.

    Case, hyphens and underscores do not matter; aliases ("chopin", "bossa nova"), corpus tags
    and unambiguous beginnings of names and aliases ("rag", "mazur") are understood.

    Raises:
        RequestRefused: when no style, or more than one, is meant; `possible` names the nearest,
            or all.
    """
    words = _plain(text)
    if words in _BY_WORD:
        return _BY_WORD[words]
    begun = dict.fromkeys(_BY_WORD[word] for word in _BY_WORD if word.startswith(words))
    if len(words) >= 3 and len(begun) == 1:
        return next(iter(begun))
    close = (_BY_WORD[word] for word in get_close_matches(words, _BY_WORD, n=3, cutoff=0.6))
    near = dict.fromkeys([*begun, *close] if words else ())
    raise RequestRefused("style", asked=text, possible=", ".join(near or STYLE_NAMES))


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().lower()


def _words() -> dict[str, str]:
    tags = {_plain(tag): style.name for style in STYLES for tag in style.tags}
    aliases = {_plain(alias): style.name for style in STYLES for alias in style.aliases}
    return tags | aliases | {name: name for name in STYLE_NAMES}  # the later wins


_BY_WORD: Mapping[str, str] = MappingProxyType(_words())
