"""What a model on the Hugging Face Hub is called: OWNER/NAME, and which of its revisions."""

import re
from dataclasses import dataclass

from typing_extensions import override

SCHEME = "hf:"
# what the Hub takes as names; two dots or hyphens in a row it does not take
_WORD = r"[A-Za-z0-9](?:(?!--|\.\.)[\w.-]){0,94}(?<![.-])"
_REPOSITORY = re.compile(f"{_WORD}/{_WORD}(?<!\\.git)", re.ASCII)
_REVISION = re.compile(r"(?!.*\.\.)\w[\w./-]{0,254}", re.ASCII)
_COMMIT = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A repository and a branch, tag or commit of it; without a revision, the newest.

    Raises:
        ValueError: on construction, when the Hub gives no such names.
    """

    repository: str
    revision: str | None = None

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository):
            raise ValueError(f"{self.repository} is not OWNER/NAME")
        if self.revision is not None and not _REVISION.fullmatch(self.revision):
            raise ValueError(f"{self.revision} is not a branch, tag or commit")

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Read `owner/name` or `owner/name@revision`, with or without `hf:` before; see `str`."""
        repository, at, revision = text.strip().removeprefix(SCHEME).partition("@")
        return cls(repository, revision if at else None)

    @property
    def is_pinned(self) -> bool:
        """Whether it always means the same files: a whole commit hash does, a branch does not."""
        return bool(self.revision and _COMMIT.fullmatch(self.revision))

    @override
    def __str__(self) -> str:
        return f"{self.repository}@{self.revision}" if self.revision else self.repository
