"""Files that Telegram keeps, and what messages show of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StoredFile:
    """A file that Telegram keeps; `size_bytes` may be a lie that a test told."""

    file_id: str
    unique_id: str
    path: str  # to download it by
    kind: str  # "document", "audio", "photo", …
    name: str
    mime: str
    data: bytes = field(repr=False)
    size_bytes: int


@dataclass(frozen=True)
class Media:
    """A file in a message."""

    kind: str
    file: StoredFile
    title: str = ""
    performer: str = ""
    duration: int = 0
    width: int = 0
    height: int = 0
    thumbnail: StoredFile | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.file.data
