"""The commands of every chat, as one table: the same words on every platform."""

from dataclasses import dataclass

from audiogroove.jam.settings import MAX_ROUNDS, PACES, Way
from bots.chat import Verb

_DARING = ("preset", "temperature", "rhythm_temperature", "top_k", "top_p", "min_p")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it is for, which wishes (`audiogroove.wishes`) and files it takes."""

    verb: Verb
    about: str  # at most 100 characters
    wishes: tuple[str, ...] = ()
    takes_seed: bool = False


COMMAND_TABLE = (
    Command(
        Verb.COMPOSE,
        "Compose a piece: from wishes, or going on from a MIDI file of yours",
        (
            *("style", "key", "tempo", "bars", "parts", "meter", "density", "form"),
            *("strict_key", *_DARING, "seed"),
        ),
        takes_seed=True,
    ),
    Command(
        Verb.CONTINUE,
        "Go on with a MIDI file, or with the last piece here",
        ("bars", "style", "key", "tempo", "density", "strict_key", *_DARING, "seed"),
        takes_seed=True,
    ),
    Command(
        Verb.VARY,
        "Rewrite some bars of a MIDI file, or of the last piece here",
        ("range", "style", "key", "density", "strict_key", *_DARING, "seed"),
        takes_seed=True,
    ),
    Command(
        Verb.ACCOMPANY,
        "Add a part to a MIDI file, or to the last piece here",
        ("parts", "range", "style", "key", "density", "strict_key", *_DARING, "seed"),
        takes_seed=True,
    ),
    Command(
        Verb.SETTINGS,
        "See or change what I assume in this chat when you do not say",
        (
            *("style", "key", "tempo", "bars", "parts", "meter", "density", "strict_key"),
            *_DARING,
        ),
    ),
    Command(Verb.QUEUE, "See what is being composed, and where yours stands"),
    Command(Verb.CANCEL, "Stop what I am composing for you"),
    Command(Verb.STYLES, "The kinds of music I know"),
    Command(Verb.HELP, "What I can do, and what to type"),
    Command(
        Verb.JAM,
        "Make one piece together, turn by turn: start, join, take, leave, finish, history",
    ),
    Command(Verb.FORGET, "Delete everything that I keep of you"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """What only a jam asks: one of `choices`, a whole number in `whole`, or free text."""

    name: str
    about: str
    choices: tuple[str, ...] = ()
    whole: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do about a jam: `/jam name`; see `Command`."""

    name: str
    about: str
    wishes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    takes_seed: bool = False


JAM_TABLE = (
    Action(
        "start",
        "Open a jam here: a group makes one piece, turn by turn",
        ("style", "key", "tempo", "meter", "bars", "form", "parts"),
        (
            Option("way", "Sections: each goes on; parts: each has an instrument", tuple(Way)),
            Option("rounds", "How often everybody's turn comes", whole=(1, MAX_ROUNDS)),
            Option("pace", "Live: minutes a turn; slow: half a day", tuple(PACES)),
        ),
    ),
    Action("join", "Join the jam here, or come back to it",
           options=(Option("instrument", "Which one you play, where each has their own"),)),
    Action("take", "Play your turn: I compose it, or it is your own MIDI file",
           ("density",), takes_seed=True),
    Action("begin", "Begin the jam that you opened here"),
    Action("keep", "Keep your take: it is laid down"),
    Action("pass", "Let your turn go by"),
    Action("undo", "Take back your own last take"),
    Action("leave", "Leave the jam here; what you played stays"),
    Action("finish", "End the jam here and get the piece"),
    Action("card", "Put the jam's card up anew, down here"),
    Action("history", "The jams that were finished here"),
)  # fmt: skip


def split_action(text: str) -> tuple[str, str]:
    """Take what to do about a jam off the beginning of a text; "" where it names nothing."""
    first, _, rest = text.strip().partition(" ")
    name = first.lower()
    if name in {action.name for action in JAM_TABLE}:
        return name, rest.strip()
    return "", text.strip()


def split_command(text: str) -> tuple[Verb | None, str]:
    """Take a command's name off the beginning of a text: "/vary bars 5-8" is VARY, "bars 5-8".

    Without one, it is None and the whole text.
    """
    first, _, rest = text.strip().partition(" ")
    name = first.removeprefix("/").lower()
    if name in {str(command.verb) for command in COMMAND_TABLE}:
        return Verb(name), rest.strip()
    return None, text.strip()
