"""The commands are one table: each name once, each wish a real one, each verb answered."""

from audiogroove.request import Mode
from audiogroove.wishes import BY_NAME
from bots.chat import Verb
from bots.commands import COMMAND_TABLE, split_command
from bots.conversation import Conversation, House, Means
from bots.replies import help_text


def test_descriptions_fit_every_menu() -> None:
    """Discord takes 100 characters."""
    assert all(0 < len(command.about) <= 100 for command in COMMAND_TABLE)


def test_every_wish_of_a_command_makes_sense_there() -> None:
    """The table of wishes says where."""
    for command in COMMAND_TABLE:
        for name in command.wishes:
            if command.verb is Verb.SETTINGS:
                assert BY_NAME[name].is_default
            else:
                assert Mode(command.verb) in BY_NAME[name].modes, (command.verb, name)


def test_no_wish_is_forgotten() -> None:
    """What makes sense in a mode can be wished by its command."""
    for command in COMMAND_TABLE:
        if str(command.verb) in set(Mode):
            mode = Mode(str(command.verb))
            possible = {name for name, wish in BY_NAME.items() if mode in wish.modes}
            assert possible == set(command.wishes), command.verb


def test_every_verb_is_answered() -> None:
    """No button and no command leads into nothing."""
    conversation = Conversation(None, None, House("m", ()), None, Means(None))  # type: ignore[arg-type]
    assert set(Verb) == set(conversation._answers)


def test_help_names_every_command() -> None:
    """Nothing is hidden."""
    told = help_text().text
    assert all(f"/{command.verb} " in told for command in COMMAND_TABLE)
    assert len(told) < 2000  # or Discord takes it in no message


def test_a_command_is_split_off_what_is_said() -> None:
    """With a stroke or without, in any case; other words are left alone."""
    assert split_command("/vary bars 5-8") == (Verb.VARY, "bars 5-8")
    assert split_command(" Help ") == (Verb.HELP, "")
    assert split_command("ragtime please") == (None, "ragtime please")
    assert split_command("again") == (None, "again")  # a button, no command
