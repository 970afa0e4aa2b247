"""Text as it is sent and as it is seen: HTML becomes words and entities, or is refused.

Offsets and lengths count UTF-16 units; the offsets in complaints count UTF-8 bytes. The rules
are those of `parse_html` in tdlib's MessageEntity.cpp.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);?")
NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]*))?""")
COMMAND = re.compile(r"(?<![\w/])/\w{1,64}(?:@\w{3,32})?")
MENTION = re.compile(r"(?<![\w@/])@\w{3,32}")


class CannotParse(Exception):
    """The markup is broken; the message says how and where."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """Words as people see them."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def detected(text: str) -> list[Entity]:
    """Find the commands and mentions that people typed."""
    found = [("bot_command", match) for match in COMMAND.finditer(text)]
    found += [("mention", match) for match in MENTION.finditer(text)]
    return [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, match in sorted(found, key=lambda each: each[1].start())
    ]


def trimmed(text: str, entities: list[Entity]) -> Formatted:
    """Take away the white space around words, as the server does."""
    cut = units(text) - units(text.lstrip())
    words = text.strip()
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, units(words))
        if start < end:
            kept.append(entity | {"offset": start, "length": end - start})
    return Formatted(words, kept)


def parse_html(source: str) -> Formatted:
    """Read HTML; CannotParse comes of tags that are unknown, broken or left open."""
    reader = _Reader(source)
    reader.read()
    entities = sorted(reader.entities, key=lambda each: (each["offset"], -each["length"]))
    return trimmed("".join(reader.words), entities)


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


def _is_time(attributes: dict[str, str]) -> bool:
    """Tell whether a time and its format are such: `r|w?[dD]?[tT]?`."""
    is_format = re.fullmatch(r"r|w?[dD]?[tT]?", attributes.get("format", ""))
    return attributes.get("unix", "").isdecimal() and is_format is not None


class _Reader:
    """One pass through one text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._open: list[_Open] = []
        self._offset = 0  # of the next word, in UTF-16 units
        self.words: list[str] = []
        self.entities: list[Entity] = []

    def read(self) -> None:
        """Read all of it.

        Raises:
            CannotParse: when a tag is unknown, broken or left open.
        """
        while self._at < len(self._source):
            if self._source[self._at] == "<":
                self._read_tag()
            elif character := CHARACTER.match(self._source, self._at):
                self._say(html.unescape(character[0].rstrip(";") + ";"), len(character[0]))
            else:
                self._say(self._source[self._at], 1)
        if self._open:
            raise CannotParse(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"'
            )

    def _say(self, word: str, length: int) -> None:
        self.words.append(word)
        self._offset += units(word)
        self._at += length

    def _read_tag(self) -> None:
        where = f"at byte offset {len(self._source[: self._at].encode())}"
        is_end = self._source.startswith("</", self._at)
        name = NAME.match(self._source, self._at + 1 + is_end)
        tag = name[0].lower() if name else ""
        self._at += 1 + is_end + len(tag)
        if is_end:
            self._close(tag, where)
        elif self._at == len(self._source):
            raise CannotParse(f"Unclosed start tag {where}")
        elif tag not in KINDS:
            raise CannotParse(f'Unsupported start tag "{tag}" {where}')
        else:
            self._open.append(_Open(tag, self._attributes(tag, where), self._offset))

    def _attributes(self, tag: str, where: str) -> dict[str, str]:
        found = {}
        while attribute := ATTRIBUTE.match(self._source, self._at):
            name, value = attribute.groups()
            if value is None and name != "expandable":
                raise CannotParse(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}'
                )
            found[name] = html.unescape((value or "").strip("\"'"))
            self._at = attribute.end()
        self._expect_end("start", where)
        if tag == "span" and found.get("class") != "tg-spoiler":
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" {where}')
        if tag == "tg-time" and not _is_time(found):
            raise CannotParse(f'Invalid "tg-time" tag specified {where}')
        return found

    def _expect_end(self, which: str, where: str) -> None:
        while self._source[self._at : self._at + 1].isspace():
            self._at += 1
        if not self._source.startswith(">", self._at):
            raise CannotParse(f"Unclosed {which} tag {where}")
        self._at += 1

    def _close(self, tag: str, where: str) -> None:
        if not self._open:
            raise CannotParse(f"Unexpected end tag {where}")
        self._expect_end("end", where)
        last = self._open.pop()
        if tag not in {"", last.tag}:
            raise CannotParse(
                f'Unmatched end tag {where}, expected "</{last.tag}>", found "</{tag}>"'
            )
        if self._offset > last.offset:
            self._keep(last)

    def _keep(self, last: _Open) -> None:
        entity: Entity = {
            "type": KINDS[last.tag],
            "offset": last.offset,
            "length": self._offset - last.offset,
        }
        language = last.attributes.get("class", "")
        if last.tag == "a":
            entity["url"] = last.attributes.get("href", "")
        elif last.tag == "tg-emoji":
            entity["custom_emoji_id"] = last.attributes.get("emoji-id", "")
        elif last.tag == "tg-time":
            entity["unix_time"] = int(last.attributes["unix"])
            entity["date_time_format"] = last.attributes.get("format", "")
        elif "expandable" in last.attributes:
            entity["type"] = "expandable_blockquote"
        elif last.tag == "code" and language.startswith("language-") and self._open:
            self._open[-1].attributes["language"] = language.removeprefix("language-")
            return
        elif "language" in last.attributes:
            entity["language"] = last.attributes["language"]
        self.entities.append(entity)
