"""Files that people send: which of them are MIDI, and how they are fetched."""

from telegram import Audio, Bot, Document, Message
from telegram.constants import FileSizeLimit
from telegram.error import TelegramError

from audiogroove.errors import FileUnreachable, SeedFault, SeedRejected
from bots.chat import Attachment

SUFFIXES = (".mid", ".midi", ".kar")
MIMES = frozenset(
    f"{kind}/{name}" for kind in ("audio", "application") for name in ("mid", "midi", "x-midi")
) | {"audio/sp-midi", "x-music/x-midi"}
MAX_BYTES = int(FileSizeLimit.FILESIZE_DOWNLOAD)  # that Telegram hands to bots

SentFile = Document | Audio  # who sends with another program may call a .mid audio


def file_in(message: Message | None) -> SentFile | None:
    """Find the file in a message."""
    return (message.document or message.audio) if message else None


def is_midi(file: SentFile) -> bool:
    """Tell by its name or its kind whether a file is meant as MIDI; its bytes are not seen."""
    return (file.file_name or "").lower().endswith(SUFFIXES) or file.mime_type in MIMES


class Attachments:
    """Makes attachments that are fetched through one connected bot."""

    def __init__(self, bot: Bot) -> None:
        """Fetch through this bot."""
        self._bot = bot

    def attachment(self, file: SentFile) -> Attachment:
        """Describe a file; fetching it raises SeedRejected when it is not meant as MIDI."""

        async def fetch() -> bytes:
            return await self._fetch(file)

        return Attachment(_name(file), file.file_size or 0, fetch)

    async def _fetch(self, file: SentFile) -> bytes:
        """Fetch a file, or read it where a Bot API server of the host's own tells its path.

        Raises:
            FileUnreachable: when Telegram does not hand it out.
            SeedRejected: when it is not meant as MIDI.
        """
        if not is_midi(file):
            raise SeedRejected(SeedFault.NOT_MIDI)
        if (file.file_size or 0) > MAX_BYTES:
            raise FileUnreachable(_name(file), fault="too large for Telegram to hand out")
        try:
            found = await self._bot.get_file(file.file_id)
            if not found.file_path:
                raise FileUnreachable(_name(file), fault="Telegram tells no path to it")
            return bytes(await found.download_as_bytearray())
        except (TelegramError, OSError) as error:
            raise FileUnreachable(_name(file), fault=str(error)) from None


def _name(file: SentFile) -> str:
    return file.file_name or "seed.mid"
