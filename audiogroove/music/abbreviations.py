"""Short names of parts, as they stand before every system but the first."""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

# By custom, as in the lists of publishers; a name's words are looked up one by one.
_SHORT: Mapping[str, str] = MappingProxyType({
    "accordion": "Acc.", "acoustic": "Ac.", "alto": "A.", "bagpipe": "Bagp.", "bandoneon": "Band.",
    "banjo": "Bjo.", "baritone": "Bar.", "bass": "Bs.", "bassoon": "Bsn.", "brass": "Brs.",
    "cello": "Vc.", "choir": "Ch.", "clarinet": "Cl.", "classical": "Cl.", "contrabass": "Cb.",
    "double": "D.", "drum": "Dr.", "drums": "Dr.", "electric": "El.", "english": "E.",
    "flute": "Fl.", "french": "Fr.", "glockenspiel": "Glk.", "grand": "Gr.", "guitar": "Gtr.",
    "hammond": "Ham.", "harmonica": "Harm.", "harp": "Hp.", "harpsichord": "Hpd.",
    "honky": "Hnk.", "horn": "Hn.",
    "jazz": "Jz.", "kit": "Kit", "marimba": "Mar.", "oboe": "Ob.", "organ": "Org.", "pad": "Pad",
    "piano": "Pno.", "piccolo": "Picc.", "pizzicato": "Pizz.", "recorder": "Rec.", "rock": "Rk.",
    "sax": "Sax.", "saxophone": "Sax.", "slow": "Sl.", "soprano": "S.", "string": "Str.",
    "strings": "Str.", "synth": "Syn.", "tenor": "T.", "timpani": "Timp.", "tonk": "Tk.",
    "trombone": "Tbn.",
    "trumpet": "Tpt.", "tuba": "Tba.", "upright": "Upr.", "vibraphone": "Vib.", "viola": "Vla.",
    "violin": "Vln.", "violoncello": "Vc.", "voice": "Vo.", "xylophone": "Xyl.",
})  # fmt: skip
_WORDS, _LETTERS = 2, 4


def abbreviate(name: str) -> str:
    """Shorten a part's name: by custom where there is one, else to its words' beginnings."""
    words = [_word(word) for word in re.split(r"[\s()-]+", name) if word]
    numbers = [word for word in words if word.isdecimal()]
    return " ".join([*[word for word in words if word not in numbers][:_WORDS], *numbers[:1]])


def abbreviations(names: list[str]) -> list[str]:
    """Shorten the names of a score's parts; those that come out alike are numbered."""
    short = [abbreviate(name) for name in names]
    alike, seen = Counter(short), Counter[str]()
    for at, each in enumerate(short):
        if alike[each] > 1:
            seen[each] += 1
            short[at] = f"{each} {seen[each]}".strip()
    return short


def _word(word: str) -> str:
    known = _SHORT.get(word.lower())
    if known or len(word) <= _LETTERS:
        return known or word
    return word[:_LETTERS] + "."
