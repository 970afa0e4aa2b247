"""Cards of jams: what the stories about them have in common."""

from dataclasses import replace

from bots.chat import Address, Button, File, Medium, Reply, Verb
from bots.telegram.door import TelegramDoor
from tests.bots.telegram.stage import MP3, PNG, ROLL, SOUND, ScriptedEar, kept
from tests.fakes.telegram import Chat, TelegramFake, Topic, User

JAM = "j7m2w4k9pz"
CARD = Reply(
    "A jam: ragtime, bars 1-8",
    buttons=((Button("Join", Verb.JAM, JAM, "join"), Button("Start", Verb.JAM, JAM, "start.1")),),
)
BUTTONS = [["Join", "Start"]]
NEWS = replace(CARD, text="A jam: Bob plays bars 1-8")
TAKE = replace(CARD, text="A take of Ann", files=(ROLL, SOUND))
NEXT_ROLL = File("next.png", PNG + b"next", Medium.PICTURE, about="Another rag")
NEXT_SOUND = replace(SOUND, data=MP3 + b" and more", title="Another rag")
NEXT = replace(CARD, text="A take of Bob", files=(NEXT_ROLL, NEXT_SOUND))


async def card_in(
    fake: TelegramFake, ear: ScriptedEar, chat: Chat, asker: User, topic: Topic | None = None
) -> Address:
    """Let the card of a jam be put up in a chat, and tell where it is."""
    await fake.say(asker, chat, "/jam start", topic=topic)
    return kept(await (await ear.line()).gather(CARD, "A jam"))


async def revised(door: TelegramDoor, address: Address, *cards: Reply) -> Address:
    """Bring a card up to date again and again, and tell where it is in the end."""
    for number, card in enumerate(cards):
        address = kept(await door.revise(address, card, nonce=str(number)))
    return address


def kinds(chat: Chat) -> list[str]:
    """Tell what people see of the bot, as kinds of files."""
    return [message.media.kind if message.media else "text" for message in chat.from_bot]
