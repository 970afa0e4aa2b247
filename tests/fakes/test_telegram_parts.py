"""Parts of the fake Telegram that can be asked without a server: checks, markup, flood."""

import pytest

from tests.fakes.telegram import Flood
from tests.fakes.telegram.entities import CannotParse, parse_html
from tests.fakes.telegram.schema import bot_api

GROUP = -5
PRIVATE = 5


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("Message", {"message_id": 1, "date": 0}, "it: chat is missing"),
        ("Audio", {"file_id": "a", "file_unique_id": "b", "duration": "3"}, "'3' is no Integer"),
        ("ChatMember", {"status": "member"}, "user is missing"),
        ("*PhotoSize", {}, "is no array"),
    ],
)
def test_the_fake_s_own_objects_are_checked(kind: str, value: object, problem: str) -> None:
    """A wrong answer or update would be a violation too."""
    assert any(problem in each for each in bot_api().problems(kind, value, "it"))


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a &lt;b&gt; &amp;c", "a <b> &c", []),
        ("  <i>🎵 a</i> ", "🎵 a", [("italic", 0, 4)]),
        ("<b>a<u>b</u></b>", "ab", [("bold", 0, 2), ("underline", 1, 1)]),
        ('<a href="https://a.b/?c&amp;d">e</a>', "e", [("text_link", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [("pre", 0, 1)]),
    ],
)
def test_html_is_read(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """People see words; what the tags meant stands beside them, in UTF-16 units."""
    read = parse_html(source)
    assert read.text == text
    assert [(each["type"], each["offset"], each["length"]) for each in read.entities] == entities


@pytest.mark.parametrize(
    "source",
    ["a < b", "<b", "<b>", "</b>", "<b>a</i>", "<b>a</b", "<span>a</span>", "<a href>b</a>"],
)
def test_broken_html_is_not_read(source: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(CannotParse):
        parse_html(source)


class Talk:
    """Something said again and again, on a clock that it moves itself."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.flood = Flood(lambda: self.now_s)

    def say(self, chat_id: int, *, times: int, every_s: float, is_edit: bool = False) -> None:
        """Say something so many times."""
        for _ in range(times):
            self.flood.admit("sendMessage", chat_id, 1, is_edit=is_edit)
            self.now_s += every_s

    @property
    def broken(self) -> list[str]:
        """The rules that it broke, in order."""
        return [each.rule for each in self.flood.violations]


@pytest.mark.parametrize(
    ("chat_id", "times", "every_s", "is_edit", "broken"),
    [
        (PRIVATE, 3, 0.0, False, []),
        (PRIVATE, 4, 0.0, False, ["chat"]),
        (PRIVATE, 60, 1.0, False, []),
        (PRIVATE, 30, 0.0, True, []),
        (PRIVATE, 31, 0.0, True, ["overall"]),
        (GROUP, 20, 2.0, False, []),
        (GROUP, 21, 2.0, False, ["group"]),
        (GROUP, 21, 2.0, True, ["group"]),
        (GROUP, 60, 3.0, True, []),
    ],
)
def test_flood(
    chat_id: int, times: int, every_s: float, broken: list[str], *, is_edit: bool
) -> None:
    """A second a message in a chat, twenty a minute in a group, thirty a second in all."""
    talk = Talk()
    talk.say(chat_id, times=times, every_s=every_s, is_edit=is_edit)
    assert talk.broken == broken


def test_a_full_minute_tells_how_long_it_lasts() -> None:
    """The twenty-first waits until the first is a minute old."""
    talk = Talk()
    talk.say(GROUP, times=21, every_s=2.0)
    assert talk.flood.violations[0].wait_s == 20.0
