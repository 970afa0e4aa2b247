"""A Telegram to test against: the Bot API over real sockets, and the people who use it.

    async with TelegramFake() as fake:
        builder = ApplicationBuilder().token(fake.token)
        builder.base_url(f"{fake.origin}/bot").base_file_url(f"{fake.origin}/file/bot")
        …                                              # run an unmodified Application on it
        ann = fake.user("Ann")
        chat = fake.private(ann)                       # or fake.group("Band", ann, bob, …)
        asked = await fake.say(ann, chat, "/compose ragtime")
        answer = await asked.reply()                   # the bot's first reply to it
        await answer.until(lambda message: message.photo)      # edited into a piece
        press = await fake.press(ann, answer, "Again")         # by label, as buttons are now
        toast = await press.answer()                   # .text, .show_alert
        assert chat.messages[-1].document.name == "piece.mid"  # what people see now
        assert not fake.violations                     # nothing went against the Bot API

In the environment of whatever runs python-telegram-bot: PTB_TIMEDELTA=true (read whenever a
time is asked for, so a fixture may set it), and NO_PROXY for 127.0.0.1 where a proxy is set.
`client.bot_at(origin, token)` makes a plain Bot that is quick to start.

People:   user, private, group, supergroup(forum=True); say, send_file, send_photo, edit, delete,
          press, update (anything else); block, unblock, kick, add_bot, promote, join, leave,
          migrate; open_topic, close_topic, delete_topic. say and send_file take reply_to, topic
          and age_s. A private chat is open to the bot once its person has written there.
Seen:     Chat.messages, .from_bot, .last, .actions, .drafts, .pinned; Message.text, .caption,
          .words, .media / .document / .audio / .photo / .video (.name, .data, .title …),
          .album, .buttons, .reply_to, .topic, .reaction, .is_deleted, .is_edited, .shown (all
          words it had). A piece of ours is complete with its .mid: the last of its messages, and
          the one with its buttons.
Waiting:  Message.reply(), .until(…), .heard(); Press.answer(); fake.wait_for(lambda: …).
Record:   fake.calls, called("sendMessage") (.params, .files, .status, .result), events,
          violations, flood.violations; world.commands, world.profile, world.updates.
Trouble:  fail("sendDocument", times=2, code=502), fail(…, retry_after=3), fail(…, reset="before"
          or "after"), fail(…, gate=event or answer_gate=event); outage(); flood.is_enforced.

In a process of its own, `python -m tests.fakes.telegram --port 0`: see `control`, `remote`.
"""

from tests.fakes.telegram.chats import Button, Chat, Kind, Message, Topic, User
from tests.fakes.telegram.fake import TOKEN, TelegramFake
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.files import Media, StoredFile
from tests.fakes.telegram.flood import Flood, FloodViolation
from tests.fakes.telegram.presses import Answer, Notice, Press
from tests.fakes.telegram.record import Call, Event
from tests.fakes.telegram.schema import Upload

__all__ = [
    "TOKEN",
    "Answer",
    "Button",
    "Call",
    "Chat",
    "Event",
    "Fault",
    "Flood",
    "FloodViolation",
    "Kind",
    "Media",
    "Message",
    "Notice",
    "Press",
    "StoredFile",
    "TelegramFake",
    "Topic",
    "Upload",
    "User",
]
