"""The General MIDI instruments: names, ranges, and the words musicians call them by.

Conventions: a *program* is 0..127 as in a MIDI message, one below the number in the General
MIDI level 1 sound set (MIDI Association, RP-003), whose names are used here. Pitches are MIDI's
(60 is middle C), both ends of a range included. *Possible* ranges are what the instrument has
(or, for synthetic sounds, what still sounds like one); *comfortable* ones are where a composer
keeps most of a part, after Adler, "The Study of Orchestration", and Piston, "Orchestration".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from audiogroove.errors import RequestRefused

FAMILIES = (
    "piano",
    "chromatic percussion",
    "organ",
    "guitar",
    "bass",
    "strings",
    "ensemble",
    "brass",
    "reed",
    "pipe",
    "synth lead",
    "synth pad",
    "synth effects",
    "world",
    "percussive",
    "sound effects",
)  # each of eight programs, in order


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a part may be played on."""

    program: int  # 0..127; 0 where is_drums
    name: str  # General MIDI's
    word: str  # what people call it; `parse_part` reads it back
    possible: tuple[int, int]  # lowest and highest pitch
    comfortable: tuple[int, int]
    is_drums: bool = False

    @property
    def centre(self) -> int:
        """The pitch around which a part for it usually lies."""
        low, high = self.comfortable
        return (low + high) // 2

    @property
    def family(self) -> str:
        """One of FAMILIES, or "drums"."""
        return "drums" if self.is_drums else FAMILIES[self.program // 8]


# fmt: off
_TABLE = (  # name, word, possible, comfortable; the row's number is the program
    ("Acoustic Grand Piano", "piano", (21, 108), (33, 93)),
    ("Bright Acoustic Piano", "bright piano", (21, 108), (33, 93)),
    ("Electric Grand Piano", "electric grand", (21, 108), (33, 93)),
    ("Honky-tonk Piano", "honky-tonk", (21, 108), (33, 93)),
    ("Electric Piano 1", "electric piano", (28, 103), (36, 88)),
    ("Electric Piano 2", "fm piano", (28, 103), (36, 88)),
    ("Harpsichord", "harpsichord", (29, 89), (36, 84)),
    ("Clavi", "clavinet", (29, 88), (36, 76)),
    ("Celesta", "celesta", (60, 108), (60, 96)),
    ("Glockenspiel", "glockenspiel", (79, 108), (79, 105)),
    ("Music Box", "music box", (60, 108), (67, 96)),
    ("Vibraphone", "vibraphone", (53, 89), (55, 86)),
    ("Marimba", "marimba", (36, 96), (45, 89)),
    ("Xylophone", "xylophone", (65, 108), (67, 100)),
    ("Tubular Bells", "tubular bells", (60, 77), (60, 77)),
    ("Dulcimer", "dulcimer", (48, 86), (55, 81)),
    ("Drawbar Organ", "hammond organ", (36, 96), (36, 86)),
    ("Percussive Organ", "percussive organ", (36, 96), (36, 86)),
    ("Rock Organ", "rock organ", (36, 96), (36, 86)),
    ("Church Organ", "organ", (24, 108), (36, 88)),
    ("Reed Organ", "harmonium", (36, 96), (41, 84)),
    ("Accordion", "accordion", (41, 93), (48, 86)),
    ("Harmonica", "harmonica", (60, 96), (60, 91)),
    ("Tango Accordion", "bandoneon", (36, 95), (48, 86)),
    ("Acoustic Guitar (nylon)", "classical guitar", (40, 83), (40, 76)),
    ("Acoustic Guitar (steel)", "acoustic guitar", (40, 84), (40, 76)),
    ("Electric Guitar (jazz)", "jazz guitar", (40, 86), (40, 79)),
    ("Electric Guitar (clean)", "electric guitar", (40, 88), (40, 81)),
    ("Electric Guitar (muted)", "muted guitar", (40, 88), (40, 76)),
    ("Overdriven Guitar", "overdriven guitar", (40, 88), (40, 81)),
    ("Distortion Guitar", "distortion guitar", (40, 88), (40, 81)),
    ("Guitar Harmonics", "guitar harmonics", (52, 96), (52, 88)),
    ("Acoustic Bass", "upright bass", (28, 67), (28, 55)),
    ("Electric Bass (finger)", "bass", (28, 67), (28, 55)),
    ("Electric Bass (pick)", "picked bass", (28, 67), (28, 55)),
    ("Fretless Bass", "fretless bass", (28, 67), (28, 57)),
    ("Slap Bass 1", "slap bass", (28, 67), (28, 55)),
    ("Slap Bass 2", "popped bass", (28, 67), (28, 55)),
    ("Synth Bass 1", "synth bass", (24, 72), (28, 55)),
    ("Synth Bass 2", "rubber bass", (24, 72), (28, 55)),
    ("Violin", "violin", (55, 103), (55, 91)),
    ("Viola", "viola", (48, 91), (48, 79)),
    ("Cello", "cello", (36, 84), (36, 72)),
    ("Contrabass", "double bass", (24, 67), (28, 55)),
    ("Tremolo Strings", "tremolo strings", (28, 103), (36, 88)),
    ("Pizzicato Strings", "pizzicato", (28, 96), (36, 84)),
    ("Orchestral Harp", "harp", (23, 103), (35, 91)),
    ("Timpani", "timpani", (36, 60), (40, 57)),
    ("String Ensemble 1", "strings", (28, 103), (36, 88)),
    ("String Ensemble 2", "slow strings", (28, 103), (36, 88)),
    ("SynthStrings 1", "synth strings", (28, 103), (36, 88)),
    ("SynthStrings 2", "soft synth strings", (28, 103), (36, 88)),
    ("Choir Aahs", "choir", (36, 84), (41, 79)),
    ("Voice Oohs", "oohs", (36, 84), (41, 79)),
    ("Synth Voice", "synth voice", (36, 84), (43, 79)),
    ("Orchestra Hit", "orchestra hit", (36, 84), (48, 72)),
    ("Trumpet", "trumpet", (52, 86), (55, 81)),
    ("Trombone", "trombone", (34, 77), (40, 70)),
    ("Tuba", "tuba", (26, 65), (29, 58)),
    ("Muted Trumpet", "muted trumpet", (52, 86), (55, 81)),
    ("French Horn", "horn", (34, 77), (41, 72)),
    ("Brass Section", "brass", (36, 84), (43, 77)),
    ("SynthBrass 1", "synth brass", (36, 96), (43, 84)),
    ("SynthBrass 2", "soft synth brass", (36, 96), (43, 84)),
    ("Soprano Sax", "soprano sax", (56, 88), (58, 84)),
    ("Alto Sax", "alto sax", (49, 81), (51, 77)),
    ("Tenor Sax", "tenor sax", (44, 76), (46, 72)),
    ("Baritone Sax", "baritone sax", (36, 69), (38, 65)),
    ("Oboe", "oboe", (58, 93), (60, 86)),
    ("English Horn", "english horn", (52, 81), (53, 77)),
    ("Bassoon", "bassoon", (34, 75), (36, 69)),
    ("Clarinet", "clarinet", (50, 94), (50, 86)),
    ("Piccolo", "piccolo", (74, 108), (76, 103)),
    ("Flute", "flute", (59, 98), (62, 93)),
    ("Recorder", "recorder", (60, 96), (65, 89)),
    ("Pan Flute", "pan flute", (55, 96), (60, 88)),
    ("Blown Bottle", "bottle", (53, 84), (60, 79)),
    ("Shakuhachi", "shakuhachi", (55, 91), (62, 86)),
    ("Whistle", "whistle", (60, 103), (67, 96)),
    ("Ocarina", "ocarina", (60, 91), (67, 86)),
    ("Lead 1 (square)", "square lead", (36, 103), (48, 86)),
    ("Lead 2 (sawtooth)", "saw lead", (36, 103), (48, 86)),
    ("Lead 3 (calliope)", "calliope", (36, 103), (48, 86)),
    ("Lead 4 (chiff)", "chiff lead", (36, 103), (48, 86)),
    ("Lead 5 (charang)", "charang", (36, 103), (48, 86)),
    ("Lead 6 (voice)", "voice lead", (36, 103), (48, 86)),
    ("Lead 7 (fifths)", "fifths lead", (36, 103), (48, 86)),
    ("Lead 8 (bass + lead)", "bass and lead", (24, 96), (36, 79)),
    ("Pad 1 (new age)", "pad", (36, 96), (43, 84)),
    ("Pad 2 (warm)", "warm pad", (36, 96), (43, 84)),
    ("Pad 3 (polysynth)", "polysynth", (36, 96), (43, 84)),
    ("Pad 4 (choir)", "choir pad", (36, 96), (43, 84)),
    ("Pad 5 (bowed)", "bowed pad", (36, 96), (43, 84)),
    ("Pad 6 (metallic)", "metallic pad", (36, 96), (43, 84)),
    ("Pad 7 (halo)", "halo pad", (36, 96), (43, 84)),
    ("Pad 8 (sweep)", "sweep pad", (36, 96), (43, 84)),
    ("FX 1 (rain)", "rain", (36, 96), (48, 84)),
    ("FX 2 (soundtrack)", "soundtrack", (36, 96), (48, 84)),
    ("FX 3 (crystal)", "crystal", (36, 96), (48, 84)),
    ("FX 4 (atmosphere)", "atmosphere", (36, 96), (48, 84)),
    ("FX 5 (brightness)", "brightness", (36, 96), (48, 84)),
    ("FX 6 (goblins)", "goblins", (36, 96), (48, 84)),
    ("FX 7 (echoes)", "echoes", (36, 96), (48, 84)),
    ("FX 8 (sci-fi)", "sci-fi", (36, 96), (48, 84)),
    ("Sitar", "sitar", (48, 77), (48, 72)),
    ("Banjo", "banjo", (48, 84), (50, 79)),
    ("Shamisen", "shamisen", (50, 79), (55, 76)),
    ("Koto", "koto", (43, 86), (50, 79)),
    ("Kalimba", "kalimba", (48, 84), (55, 79)),
    ("Bag pipe", "bagpipe", (36, 84), (55, 81)),
    ("Fiddle", "fiddle", (55, 96), (55, 86)),
    ("Shanai", "shanai", (48, 84), (60, 81)),
    ("Tinkle Bell", "tinkle bell", (60, 96), (67, 91)),
    ("Agogo", "agogo", (60, 84), (60, 79)),
    ("Steel Drums", "steel drums", (52, 88), (55, 84)),
    ("Woodblock", "woodblock", (48, 84), (60, 76)),
    ("Taiko Drum", "taiko", (36, 72), (40, 64)),
    ("Melodic Tom", "melodic tom", (36, 72), (40, 67)),
    ("Synth Drum", "synth drum", (36, 72), (40, 67)),
    ("Reverse Cymbal", "reverse cymbal", (36, 84), (48, 72)),
    ("Guitar Fret Noise", "fret noise", (36, 84), (48, 72)),
    ("Breath Noise", "breath", (36, 84), (48, 72)),
    ("Seashore", "seashore", (36, 84), (48, 72)),
    ("Bird Tweet", "bird", (36, 84), (48, 72)),
    ("Telephone Ring", "telephone", (36, 84), (48, 72)),
    ("Helicopter", "helicopter", (36, 84), (48, 72)),
    ("Applause", "applause", (36, 84), (48, 72)),
    ("Gunshot", "gunshot", (36, 84), (48, 72)),
)

_DRUM_KEYS = (  # from key 35 upwards
    "Acoustic Bass Drum", "Bass Drum 1", "Side Stick", "Acoustic Snare", "Hand Clap",
    "Electric Snare", "Low Floor Tom", "Closed Hi Hat", "High Floor Tom", "Pedal Hi-Hat",
    "Low Tom", "Open Hi-Hat", "Low-Mid Tom", "Hi-Mid Tom", "Crash Cymbal 1", "High Tom",
    "Ride Cymbal 1", "Chinese Cymbal", "Ride Bell", "Tambourine", "Splash Cymbal", "Cowbell",
    "Crash Cymbal 2", "Vibraslap", "Ride Cymbal 2", "Hi Bongo", "Low Bongo", "Mute Hi Conga",
    "Open Hi Conga", "Low Conga", "High Timbale", "Low Timbale", "High Agogo", "Low Agogo",
    "Cabasa", "Maracas", "Short Whistle", "Long Whistle", "Short Guiro", "Long Guiro", "Claves",
    "Hi Wood Block", "Low Wood Block", "Mute Cuica", "Open Cuica", "Mute Triangle",
    "Open Triangle",
)

# Further words, by the word in the table that they stand for.
_SAME_AS = {
    "piano": "grand piano, acoustic piano, grand, keys, keyboard, pianoforte, klavier",
    "honky-tonk": "honky tonk piano, saloon piano, ragtime piano",
    "electric piano": "epiano, e piano, rhodes, wurlitzer, wurli, ep",
    "fm piano": "dx7, electric piano two",
    "harpsichord": "cembalo, clavecin",
    "clavinet": "clav, clavichord",
    "celesta": "celeste",
    "glockenspiel": "glock, bells",
    "vibraphone": "vibes, vibraphones",
    "tubular bells": "chimes, church bells",
    "dulcimer": "santur, cimbalom, hammered dulcimer",
    "hammond organ": "hammond, drawbars, b3, jazz organ, electric organ",
    "organ": "pipe organ, church",
    "harmonium": "pump organ, melodeon",
    "accordion": "accordeon, musette, squeezebox",
    "harmonica": "mouth organ, blues harp",
    "classical guitar": "nylon guitar, spanish guitar, nylon",
    "acoustic guitar": "guitar, steel guitar, folk guitar, steel string guitar, lute, mandolin",
    "electric guitar": "clean guitar, lead guitar, rhythm guitar, e guitar",
    "distortion guitar": "distorted guitar, metal guitar, rock guitar, heavy guitar",
    "overdriven guitar": "overdrive guitar, crunch guitar",
    "upright bass": "acoustic bass, standup bass, stand up bass, string bass, walking bass",
    "bass": "bass guitar, electric bass, e bass, fingered bass",
    "violin": "solo violin, geige, strings solo",
    "viola": "bratsche",
    "cello": "violoncello, celli, vc",
    "double bass": "contrabass, kontrabass, orchestral bass",
    "pizzicato": "pizz, plucked strings",
    "harp": "concert harp, pedal harp",
    "timpani": "kettledrums, timps",
    "strings": "string ensemble, string section, orchestra, string orchestra",
    "choir": "voice, voices, vocals, vocal, singer, choir aahs, aahs, chorus, soprano, alto, tenor",
    "oohs": "humming, doo",
    "trumpet": "cornet, flugelhorn",
    "trombone": "posaune, bone",
    "tuba": "sousaphone, bass tuba",
    "horn": "french horns, waldhorn, cor",
    "brass": "horns section, horn section, brass ensemble, brass band",
    "alto sax": "sax, saxophone, alto saxophone",
    "soprano sax": "soprano saxophone",
    "tenor sax": "tenor saxophone",
    "baritone sax": "baritone saxophone, bari sax",
    "english horn": "cor anglais",
    "bassoon": "fagott",
    "clarinet": "klarinette, bass clarinet",
    "flute": "transverse flute, querflöte, traverso",
    "recorder": "blockflöte",
    "pan flute": "panpipes, pan pipes, panflute",
    "whistle": "tin whistle, penny whistle, irish whistle",
    "square lead": "chiptune, 8bit, square, pulse, chip",
    "saw lead": "synth, synthesizer, lead, synth lead, sawtooth, lead synth",
    "pad": "synth pad, new age pad, ambient",
    "bagpipe": "bagpipes, pipes, uilleann pipes",
    "kalimba": "thumb piano, mbira",
    "steel drums": "steel pan, steelpan",
    "taiko": "taiko drums",
    "music box": "musicbox",
    "drums": "drum, drum kit, drumkit, drum set, drumset, percussion, beat, beats, kit, batterie",
}
# fmt: on

DRUMS = Instrument(0, "Drum Kit", "drums", (27, 87), (35, 59), is_drums=True)
INSTRUMENTS = tuple(Instrument(program, *row) for program, row in enumerate(_TABLE))
DRUM_KEYS: Mapping[int, str] = MappingProxyType(dict(enumerate(_DRUM_KEYS, start=35)))

_POSSIBLE = "piano, violin, cello, flute, clarinet, sax, trumpet, guitar, bass, strings, drums, …"


def instrument(program: int, *, is_drums: bool = False) -> Instrument:
    """Look up what a part of this program (0..127) is played on."""
    return DRUMS if is_drums else INSTRUMENTS[program]


def name(program: int) -> str:
    """Tell the General MIDI name of a program (0..127)."""
    return INSTRUMENTS[program].name


def drum_name(key: int) -> str:
    """Name a percussion key; outside General MIDI's 35..81 it is just a number."""
    return DRUM_KEYS.get(key, f"Percussion {key}")


def parse_part(text: str) -> Instrument:
    """Read an instrument as musicians call it: "piano", "upright bass", "flute 2", "sax".

    General MIDI's own names do, too, and numbers: "GM 33" counts from 1 as the sound set does
    (an upright bass), "program 32" and a bare "32" from 0 as MIDI does (the same).

    Raises:
        RequestRefused: when no instrument is meant; `possible` names the nearest.
    """
    plain = _plain(text)
    player_dropped = re.sub(
        r"^(1st|2nd|3rd|first|second|solo) | ([0-9]{1,2}|i{1,3}|iv)$", "", plain
    )
    for words in (plain, player_dropped, player_dropped.removesuffix("s")):
        if words in WORDS:
            return WORDS[words]
    match = re.fullmatch(r"(gm|program|)\s*(?:number|no|#)?\s*([0-9]{1,3})", plain)
    if match:
        program = int(match[2]) - (match[1] == "gm")
        if 0 <= program < len(INSTRUMENTS):
            return INSTRUMENTS[program]
    near = get_close_matches(player_dropped, WORDS, n=3, cutoff=0.6)
    possible = ", ".join(dict.fromkeys(WORDS[word].word for word in near))
    raise RequestRefused("parts", asked=text, possible=possible or _POSSIBLE)


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-./()+]+", " ", text.lower()).strip()


def _words() -> dict[str, Instrument]:
    by_word = {each.word: each for each in (*INSTRUMENTS, DRUMS)}
    words = {_plain(each.name): each for each in (*INSTRUMENTS, DRUMS)}
    for word, others in _SAME_AS.items():
        words |= {_plain(other): by_word[word] for other in others.split(",")}
    return words | {_plain(word): each for word, each in by_word.items()}


WORDS: Mapping[str, Instrument] = MappingProxyType(_words())
