"""All platforms on which people jam, by their names, and how each is opened."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.bots.jams.discord_room import on_discord
from tests.bots.jams.rooms import Opening
from tests.bots.jams.telegram_room import on_telegram

PLATFORMS: Mapping[str, Opening] = MappingProxyType(
    {"discord": on_discord, "telegram": on_telegram}
)
