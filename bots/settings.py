"""What a host may set: the environment and a `.env` file, read once into one frozen value.

Nothing else reads the environment. Each setting says what it is for and what is possible; the
README's table is tested against `SETTINGS`. A value is never repeated, in no error and no
representation: whoever pastes a token into the wrong line must not find it in a log.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic import ValidationError as NotValid
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from audiogroove.hub.reference import SCHEME, Reference

ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class SettingRefused(Exception):
    """A setting whose value cannot be used: its `name`, and what is `possible`; never the value."""

    def __init__(self, name: str, *, possible: str) -> None:
        super().__init__(f"{name} cannot be used as it is; possible is {possible}.")
        self.name = name
        self.possible = possible


def _token(value: object) -> object:
    """Tidy up a pasted token; nothing is none.

    Raises:
        ValueError: when it has spaces or letters in it that no token has.
    """
    if not isinstance(value, str):
        return value
    token = value.strip().strip("\"'")  # quotes, as `docker --env-file` leaves them
    if not token:
        return None
    if not re.fullmatch("[!-~]+", token):
        raise ValueError
    return token


def _origin(value: str) -> str:
    """Check the address of a server and take the slashes off its end.

    Raises:
        ValueError: when it is none.
    """
    url = urlsplit(value.strip())
    is_server = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    if not is_server or url.query or url.fragment:
        raise ValueError
    return url.geturl().rstrip("/")


def _with_version(url: str) -> str:
    """Complete the address of Discord's interface: most who set one name the server alone."""
    if not urlsplit(url).path:
        return f"{url}/api/v10"
    return f"{url}/v10" if url.endswith("/api") else url


def _async_driver(value: str) -> str:
    """Name the asynchronous driver of a database, whichever was written.

    Raises:
        ValueError: when it is no database that we can use.
    """
    scheme, separator, rest = value.strip().partition("://")
    if scheme not in ASYNC_DRIVERS or not separator or not rest:
        raise ValueError
    return f"{ASYNC_DRIVERS[scheme]}://{rest}"


def _folder(value: Path) -> Path:
    return value.expanduser()  # no shell reads a .env file


def _model(value: object) -> object:
    """Tell a model on the Hub from a folder.

    Raises:
        ValueError: when it is no model's name, or none that always means the same files.
    """
    if not isinstance(value, str) or not value.strip().startswith(SCHEME):
        return value
    reference = Reference.parse(value)
    if not reference.is_pinned:
        raise ValueError
    return reference


def _lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _port(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _host(value: str) -> str:
    """Check a host name or an address.

    Raises:
        ValueError: when it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value.strip().strip("[]")):
        raise ValueError
    return value.strip().strip("[]")


Token = Annotated[SecretStr | None, BeforeValidator(_token)]
Origin = Annotated[str, AfterValidator(_origin)]
DiscordUrl = Annotated[str, AfterValidator(_origin), AfterValidator(_with_version)]
DatabaseUrl = Annotated[str, AfterValidator(_async_driver)]
Host = Annotated[str, AfterValidator(_host)]
Port = Annotated[Annotated[int, Field(ge=0, le=65535)] | None, BeforeValidator(_port)]
Folder = Annotated[Path, AfterValidator(_folder)]
Model = Annotated[Reference | Folder, BeforeValidator(_model), NoDecode]
LogFormat = Annotated[Literal["text", "json"], BeforeValidator(_lowered)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lowered)]


def _variable(field: str) -> str:
    """Name the environment variable of a field."""
    return field.upper() if field.endswith("_token") else f"AUDIOGROOVE_{field.upper()}"


def _setting(default: object, about: str, possible: str, *, shown: bool = True) -> Any:
    extra: dict[str, Any] = {"possible": possible}
    return Field(default, description=about, json_schema_extra=extra, repr=shown)


def _whole(default: int, about: str, least: int, most: int) -> Any:
    extra: dict[str, Any] = {"possible": f"a whole number from {least} to {most}"}
    return Field(default, ge=least, le=most, description=about, json_schema_extra=extra)


class Settings(BaseSettings):
    """Everything that is set, checked; `Settings.read()` makes it."""

    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=_variable),
        env_file_encoding="utf-8",
        extra="ignore",  # .env may serve other programs, too
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: Token = _setting(
        None,
        "The bot's token from Discord's developer portal; without it, no Discord",
        "the token alone, without spaces",
    )
    telegram_token: Token = _setting(
        None,
        "The bot's token from @BotFather; without it, no Telegram",
        "the token alone, without spaces",
    )
    web_host: Host = _setting(
        "127.0.0.1",
        "The address of this machine at which the web page is served; 0.0.0.0 for all of them",
        "an address or a host name of this machine",
    )
    web_port: Port = _setting(
        8080,
        "Its port; 0 for any that is free, empty for no page",
        "a whole number from 0 to 65535, or nothing",
    )
    web_url: Origin | None = _setting(
        None,
        "The address under which others reach the page, where they can: pieces then link to it",
        "an address such as https://music.example.org",
    )
    web_proxies: int = _whole(
        0, "How many proxies of yours stand before the page and say who asks", 0, 9
    )
    soundfont: Folder | None = _setting(
        None,
        "The SoundFont to play with; without it, the best that is found",
        "the path of an .sf2 or .sf3 file",
    )
    previews_mb: int = _whole(
        512, "The room for sounds, pictures and scores that were made, in MiB", 1, 1_000_000
    )
    model: Model | None = _setting(
        None,
        "A model of your own: its folder, or hf:OWNER/NAME@COMMIT as `audiogroove fetch` tells it; "
        "without it, the one that comes with AudioGroove",
        "the path of a folder, or hf:OWNER/NAME@COMMIT with a whole commit hash, "
        "which `audiogroove fetch OWNER/NAME` tells",
    )
    threads: int = _whole(
        1,
        "The cores that composing may use; more than one only where they have nothing else to do",
        1,
        64,
    )
    database_url: DatabaseUrl = _setting(
        "sqlite+aiosqlite:///data/audiogroove.db",
        "Where requests, pieces and chat settings are kept",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        shown=False,  # it may hold a password
    )
    retention_days: int = _whole(30, "The days after which pieces are deleted", 1, 36_500)
    person_per_hour: int = _whole(
        60, "The pieces that one person may ask for in an hour; 0 for any number", 0, 100_000
    )
    person_burst: int = _whole(10, "How many of those at once", 1, 100_000)
    chat_per_hour: int = _whole(
        240, "The pieces that one chat may ask for in an hour; 0 for any number", 0, 100_000
    )
    chat_burst: int = _whole(40, "How many of those at once", 1, 100_000)
    person_waiting: int = _whole(3, "The requests of one person that may wait at a time", 1, 1000)
    queue: int = _whole(500, "The requests of all people that may wait at a time", 1, 100_000)
    grace_s: int = _whole(
        20, "The seconds to finish what is under way when the process is asked to stop", 0, 3600
    )
    log_format: LogFormat = _setting(
        "text", "How log lines look: for people, or for machines", "text or json"
    )
    log_level: LogLevel = _setting(
        "info", "The least urgent log lines to write", "debug, info, warning or error"
    )
    discord_api_url: DiscordUrl = _setting(
        "https://discord.com/api/v10",
        "Discord's interface; for tests and proxies",
        "an address such as https://discord.com",
    )
    telegram_api_url: Origin = _setting(
        "https://api.telegram.org",
        "Telegram's interface; for tests and a Bot API server of your own",
        "an address such as https://api.telegram.org",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_no_wish(cls, value: object, info: ValidationInfo) -> object:
        """Take a blank line in .env for nothing said; only a port can be wished away with it."""
        name = info.field_name or ""
        if isinstance(value, str) and not value.strip() and name != "web_port":
            return cls.model_fields[name].default
        return value

    @classmethod
    def read(cls, env_file: Path | None = Path(".env")) -> Self:
        """Read the environment and, for what it leaves open, a file if there is one.

        Raises:
            SettingRefused: when a value cannot be used; the first of them is named.
        """
        # The model's own arguments are the fields; mypy does not see those of the base class.
        where: dict[str, Any] = {"_env_file": env_file}
        try:
            return cls(**where)
        except NotValid as errors:
            name = str(errors.errors()[0]["loc"][0])
            raise SettingRefused(name, possible=_POSSIBLE[name]) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingRefused(str(env_file), possible="a text file in UTF-8") from error

    @property
    def previews_bytes(self) -> int:
        """How much room there is for previews, in bytes."""
        return self.previews_mb * 2**20

    @property
    def retention_s(self) -> float:
        """How long pieces are kept, in seconds."""
        return 86_400.0 * self.retention_days

    def secrets(self) -> tuple[str, ...]:
        """List what must never be written anywhere: the tokens and the database's password."""
        tokens = [token for token in (self.discord_token, self.telegram_token) if token]
        password = re.match("[^:/]+://[^:/]*:([^@]+)@", self.database_url)
        passwords = (password[1], unquote(password[1])) if password else ()
        return (*(token.get_secret_value() for token in tokens), *passwords)


class Setting(NamedTuple):
    """One line of a table of all settings."""

    name: str  # of the environment variable
    default: str
    about: str


def _lines() -> tuple[Setting, ...]:
    lines = []
    for field, info in Settings.model_fields.items():
        default = "none" if info.default is None else str(info.default)
        lines.append(Setting(_variable(field), default, info.description or ""))
    return tuple(lines)


def _extra(field: str) -> dict[str, Any]:
    extra = Settings.model_fields[field].json_schema_extra
    return extra if isinstance(extra, dict) else {}


SETTINGS = _lines()
_POSSIBLE = {_variable(field): str(_extra(field)["possible"]) for field in Settings.model_fields}
