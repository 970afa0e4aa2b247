"""The commands of every chat, as one table: the same words on every platform."""

from dataclasses import dataclass

from bots.chat import Verb

_DARING = ("temperature", "rhythm_temperature", "top_k", "top_p", "min_p", "seed")


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
            *("strict_key", *_DARING),
        ),
        takes_seed=True,
    ),
    Command(
        Verb.CONTINUE,
        "Go on with a MIDI file, or with the last piece here",
        ("bars", "style", "key", "tempo", "density", "strict_key", *_DARING),
        takes_seed=True,
    ),
    Command(
        Verb.VARY,
        "Rewrite some bars of a MIDI file, or of the last piece here",
        ("range", "style", "key", "density", "strict_key", *_DARING),
        takes_seed=True,
    ),
    Command(
        Verb.ACCOMPANY,
        "Add a part to a MIDI file, or to the last piece here",
        ("parts", "range", "style", "key", "density", "strict_key", *_DARING),
        takes_seed=True,
    ),
    Command(
        Verb.SETTINGS,
        "See or change what I assume in this chat when you do not say",
        (
            *("style", "key", "tempo", "bars", "parts", "meter", "density", "strict_key"),
            *("temperature", "rhythm_temperature", "top_k", "top_p", "min_p"),
        ),
    ),
    Command(Verb.QUEUE, "See what is being composed, and where yours stands"),
    Command(Verb.CANCEL, "Stop what I am composing for you"),
    Command(Verb.STYLES, "The kinds of music I know"),
    Command(Verb.HELP, "What I can do, and what to type"),
    Command(Verb.FORGET, "Delete everything that I keep of you"),
)


def split_command(text: str) -> tuple[Verb | None, str]:
    """Take a command's name off the beginning of a text: "/vary bars 5-8" is VARY, "bars 5-8".

    Without one, it is None and the whole text.
    """
    first, _, rest = text.strip().partition(" ")
    name = first.removeprefix("/").lower()
    if name in {str(command.verb) for command in COMMAND_TABLE}:
        return Verb(name), rest.strip()
    return None, text.strip()
