"""A host sets the environment or a .env file; what cannot be used is named, never repeated."""

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from audiogroove.hub.reference import Reference
from bots.settings import SETTINGS, SettingRefused, Settings

CANARY = "canary-MTk4NjIyNDgzNDcxOTI1MjQ4"
PIN = "607a30d783dfa663caf39e06633721c8d4cfcd7e"
Set = Callable[..., Settings]


@pytest.fixture
def with_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    """Read the settings in an empty folder where only these variables are set."""
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)

    def read(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return Settings.read()

    return read


def test_nothing_needs_to_be_set(with_set: Set) -> None:
    """Without a token there is the console, and all else is ready to use."""
    settings = with_set()
    assert settings.discord_token is None
    assert settings.telegram_token is None
    assert settings.model is None
    assert settings.threads == 1
    assert settings.database_url == "sqlite+aiosqlite:///data/audiogroove.db"
    assert (settings.person_per_hour, settings.person_burst) == (60, 10)
    assert (settings.chat_per_hour, settings.chat_burst) == (240, 40)
    assert (settings.person_waiting, settings.queue) == (3, 500)
    assert (settings.retention_days, settings.retention_s) == (30, 30 * 24 * 3600.0)
    assert settings.grace_s == 20
    assert (settings.log_format, settings.log_level) == ("text", "info")
    assert settings.discord_api_url == "https://discord.com/api/v10"
    assert settings.telegram_api_url == "https://api.telegram.org"


def test_a_file_in_the_working_directory_is_read(with_set: Set) -> None:
    """What else is in it is none of our business."""
    Path(".env").write_text(f"TELEGRAM_TOKEN=1:{CANARY}\nAUDIOGROOVE_QUEUE=7\nPGHOST=db\n", "utf-8")
    settings = with_set()
    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == f"1:{CANARY}"
    assert settings.queue == 7


def test_the_environment_has_the_last_word(with_set: Set) -> None:
    """One run can differ without touching the file."""
    Path(".env").write_text("AUDIOGROOVE_QUEUE=7\nAUDIOGROOVE_THREADS=2\n", "utf-8")
    settings = with_set(AUDIOGROOVE_QUEUE="8")
    assert (settings.queue, settings.threads) == (8, 2)


def test_short_names_of_other_programs_mean_nothing(with_set: Set) -> None:
    """`MODEL` or `QUEUE` may be set for anybody."""
    settings = with_set(MODEL="/x", QUEUE="9", THREADS="many", LOG_LEVEL="loud")
    assert (settings.model, settings.queue, settings.log_level) == (None, 500, "info")


@pytest.mark.parametrize("blank", ["", "  ", '""'])
def test_a_blank_token_is_none(with_set: Set, blank: str) -> None:
    """As in the .env file that was copied and not filled in."""
    assert with_set(DISCORD_TOKEN=blank).discord_token is None


def test_a_blank_line_is_no_wish(with_set: Set) -> None:
    """A file of all names with nothing behind them changes nothing."""
    Path(".env").write_text("".join(f"{setting.name}=\n" for setting in SETTINGS), "utf-8")
    assert with_set() == with_set(AUDIOGROOVE_MODEL="")


@pytest.mark.parametrize("pasted", [CANARY, f" {CANARY}\n", f'"{CANARY}"', f"'{CANARY}'"])
def test_a_token_is_taken_as_it_was_pasted(with_set: Set, pasted: str) -> None:
    """Spaces and quotes around it are not part of it."""
    token = with_set(DISCORD_TOKEN=pasted).discord_token
    assert token
    assert token.get_secret_value() == CANARY


@pytest.mark.parametrize(
    ("set_to", "used"),
    [
        ("https://discord.com", "https://discord.com/api/v10"),
        ("https://discord.com/", "https://discord.com/api/v10"),
        ("https://discord.com/api", "https://discord.com/api/v10"),
        ("https://discord.com/api/", "https://discord.com/api/v10"),
        ("https://discord.com/api/v10/", "https://discord.com/api/v10"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("http://[::1]:8080/api/v9", "http://[::1]:8080/api/v9"),
        (" https://proxy.example/discord ", "https://proxy.example/discord"),
    ],
)
def test_discords_address_may_be_written_in_short(with_set: Set, set_to: str, used: str) -> None:
    """Its version is ours to know."""
    assert with_set(AUDIOGROOVE_DISCORD_API_URL=set_to).discord_api_url == used


def test_telegrams_address_ends_without_a_slash(with_set: Set) -> None:
    """What follows begins with one."""
    settings = with_set(AUDIOGROOVE_TELEGRAM_API_URL="http://localhost:8081/")
    assert settings.telegram_api_url == "http://localhost:8081"


@pytest.mark.parametrize(
    ("set_to", "used"),
    [
        ("sqlite:///groove.db", "sqlite+aiosqlite:///groove.db"),
        ("sqlite+aiosqlite:////data/groove.db", "sqlite+aiosqlite:////data/groove.db"),
        ("postgres://me:pw@db/groove", "postgresql+psycopg://me:pw@db/groove"),
        ("postgresql://me:pw@db/groove", "postgresql+psycopg://me:pw@db/groove"),
        (
            "postgresql+psycopg://db/groove?sslmode=off",
            "postgresql+psycopg://db/groove?sslmode=off",
        ),
    ],
)
def test_a_database_is_named_as_people_write_it(with_set: Set, set_to: str, used: str) -> None:
    """The drivers are ours to choose."""
    assert with_set(AUDIOGROOVE_DATABASE_URL=set_to).database_url == used


def test_a_folder_in_the_home_directory_is_found(with_set: Set) -> None:
    """No shell has read the file."""
    assert with_set(AUDIOGROOVE_MODEL="~/models/mine").model == Path.home() / "models/mine"


def test_a_model_on_the_hub_is_told_by_its_pin(with_set: Set) -> None:
    """With a whole commit, so that it is the same one after every start."""
    pinned = with_set(AUDIOGROOVE_MODEL=f" hf:ann/tunes@{PIN} ").model
    assert pinned == Reference("ann/tunes", PIN)


@pytest.mark.parametrize("loose", ["", "@main", "@v1.0", f"@{PIN[:7]}", "@", f"@{PIN}0"])
def test_a_model_that_may_change_is_refused(with_set: Set, loose: str) -> None:
    """What somebody pushes to a branch does not come into this process; how to pin it is told."""
    with pytest.raises(SettingRefused, match="audiogroove fetch OWNER/NAME` tells"):
        with_set(AUDIOGROOVE_MODEL=f"hf:ann/tunes{loose}")


def test_levels_and_formats_are_written_as_one_likes(with_set: Set) -> None:
    """In capitals, too."""
    settings = with_set(AUDIOGROOVE_LOG_LEVEL="DEBUG", AUDIOGROOVE_LOG_FORMAT="Json")
    assert (settings.log_level, settings.log_format) == ("debug", "json")


WRONG = [
    ("DISCORD_TOKEN", f"Bot {CANARY}"),
    ("TELEGRAM_TOKEN", f"1:{CANARY}\x7f"),
    ("AUDIOGROOVE_WEB_HOST", "http://127.0.0.1"),
    ("AUDIOGROOVE_WEB_PORT", "65536"),
    ("AUDIOGROOVE_WEB_PORT", "-1"),
    ("AUDIOGROOVE_WEB_PORT", f"{CANARY}"),
    ("AUDIOGROOVE_WEB_URL", "music.example.org"),
    ("AUDIOGROOVE_WEB_PROXIES", "-1"),
    ("AUDIOGROOVE_PREVIEWS_MB", "0"),
    ("AUDIOGROOVE_MODEL", "hf:ann"),
    ("AUDIOGROOVE_MODEL", f"hf:ann/tunes@{CANARY}"),
    ("AUDIOGROOVE_THREADS", "0"),
    ("AUDIOGROOVE_THREADS", f"{CANARY}"),
    ("AUDIOGROOVE_PERSON_PER_HOUR", "-1"),
    ("AUDIOGROOVE_PERSON_BURST", "0"),
    ("AUDIOGROOVE_CHAT_PER_HOUR", "1e9"),
    ("AUDIOGROOVE_CHAT_BURST", "0"),
    ("AUDIOGROOVE_PERSON_WAITING", "0"),
    ("AUDIOGROOVE_QUEUE", "lots"),
    ("AUDIOGROOVE_RETENTION_DAYS", "0"),
    ("AUDIOGROOVE_GRACE_S", "-1"),
    ("AUDIOGROOVE_LOG_FORMAT", f"xml {CANARY}"),
    ("AUDIOGROOVE_LOG_LEVEL", "loud"),
    ("AUDIOGROOVE_DATABASE_URL", f"mysql://me:{CANARY}@db/groove"),
    ("AUDIOGROOVE_DATABASE_URL", CANARY),
    ("AUDIOGROOVE_DATABASE_URL", "sqlite://"),
    ("AUDIOGROOVE_DISCORD_API_URL", "discord.com"),
    ("AUDIOGROOVE_DISCORD_API_URL", "https://"),
    ("AUDIOGROOVE_DISCORD_API_URL", "https://[::1"),
    ("AUDIOGROOVE_TELEGRAM_API_URL", "ftp://api.telegram.org"),
    ("AUDIOGROOVE_TELEGRAM_API_URL", "https://api.telegram.org:99999"),
    ("AUDIOGROOVE_TELEGRAM_API_URL", f"https://api.telegram.org/?token={CANARY}"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_in_one_line(with_set: Set, name: str, value: str) -> None:
    """It names the variable and what is possible."""
    with pytest.raises(SettingRefused) as refusal:
        with_set(**{name: value})
    line = str(refusal.value)
    assert line.isprintable()
    assert line.startswith(f"{name} cannot be used as it is; possible is ")
    assert line.endswith(".")


@pytest.mark.parametrize(("name", "value"), [wrong for wrong in WRONG if CANARY in wrong[1]])
def test_a_refused_value_is_not_repeated(with_set: Set, name: str, value: str) -> None:
    """Nor in the traceback: it may be a token, in its own line or in another's."""
    with pytest.raises(SettingRefused) as refusal:
        with_set(**{name: value})
    assert CANARY not in "".join(traceback.format_exception(refusal.value))


def test_every_setting_that_can_be_wrong_is_tried() -> None:
    """Only a path cannot: whether there is something to be used is seen when it is loaded."""
    tried = {name for name, _ in WRONG}
    assert {setting.name for setting in SETTINGS} - tried == {"AUDIOGROOVE_SOUNDFONT"}


def test_a_file_that_is_no_text_is_refused(with_set: Set) -> None:
    """In words, not as a traceback."""
    Path(".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingRefused, match=r"^\.env cannot be used as it is; possible is a text"):
        with_set()


def test_no_secret_shows_itself(with_set: Set) -> None:
    """Settings may be printed: neither a token nor a password is seen."""
    settings = with_set(
        DISCORD_TOKEN=f"discord-{CANARY}",
        TELEGRAM_TOKEN=f"1:telegram-{CANARY}",
        AUDIOGROOVE_DATABASE_URL=f"postgresql://me:{CANARY}@db/groove",
    )
    assert CANARY not in f"{settings!r} {settings}"


def test_secrets_are_listed_for_those_who_must_hide_them(with_set: Set) -> None:
    """A password as it is written in an address, and as it is."""
    assert with_set().secrets() == ()
    settings = with_set(
        DISCORD_TOKEN=f"one-{CANARY}",
        TELEGRAM_TOKEN=f"2:two-{CANARY}",
        AUDIOGROOVE_DATABASE_URL="postgresql://me:a%2Fb#c@db/groove",
    )
    assert settings.secrets() == (f"one-{CANARY}", f"2:two-{CANARY}", "a%2Fb#c", "a/b#c")


def test_settings_cannot_be_changed(with_set: Set) -> None:
    """They are read once; who needs another value makes another process."""
    settings = with_set()
    with pytest.raises(ValueError, match="frozen"):
        settings.queue = 1


def test_every_setting_is_described() -> None:
    """Name, default and purpose: what a table in the README needs."""
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names)) == len(Settings.model_fields)
    assert all(name.startswith("AUDIOGROOVE_") or name.endswith("_TOKEN") for name in names)
    assert all(setting.default.isprintable() and setting.default for setting in SETTINGS)
    assert all(len(setting.about.split()) > 3 for setting in SETTINGS)


def test_defaults_are_told_as_they_are_written(with_set: Set) -> None:
    """Setting each to what the table says changes nothing."""
    told = {
        s.name: s.default
        for s in SETTINGS
        if s.default != "none" and s.name != "AUDIOGROOVE_THREADS"  # which is told in words
    }
    assert with_set() == with_set(**told)
