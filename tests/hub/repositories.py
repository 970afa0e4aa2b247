"""What a Hub keeps: people with a token each, and their repositories as chains of commits."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

LINKED_SUFFIX = ".safetensors"  # what is kept elsewhere, under its SHA-256


@dataclass(frozen=True)
class Commit:
    """All files as they were then."""

    message: str
    files: Mapping[str, bytes]
    parent: str = ""

    @property
    def sha(self) -> str:
        """Forty hex digits."""
        told = [self.parent, self.message, *(f"{n} {git_sha(c)}" for n, c in self.files.items())]
        return hashlib.sha1("\n".join(told).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Repository:
    """Commits by their hash, and branches that point to them."""

    private: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add("main", Commit("initial commit", {".gitattributes": b"*.bin lfs\n"}))

    def add(self, branch: str, commit: Commit) -> str:
        """Put a commit on a branch; its hash."""
        self.commits[commit.sha] = commit
        self.branches[branch] = commit.sha
        return commit.sha

    def find(self, revision: str) -> str | None:
        """Give the hash of what a revision means."""
        if revision in self.commits:
            return revision
        return self.branches.get(revision)


@dataclass
class World:
    """Everybody's repositories by OWNER/NAME, who owns which token, and large files."""

    tokens: dict[str, str] = field(default_factory=dict)  # token → owner
    repositories: dict[str, Repository] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)  # SHA-256 → content

    def commit(self, repository: str, files: Mapping[str, bytes], branch: str = "main") -> str:
        """Put files into a repository, as by another program; the hash of the commit."""
        home = self.repositories.setdefault(repository, Repository())
        parent = home.branches[branch]
        for content in files.values():
            self.blobs[hashlib.sha256(content).hexdigest()] = content
        return home.add(branch, Commit("by hand", dict(files), parent))

    def files(self, repository: str, revision: str = "main") -> dict[str, bytes]:
        """Give all files of a revision."""
        home = self.repositories[repository]
        return dict(home.commits[home.find(revision) or ""].files)


def git_sha(content: bytes) -> str:
    """Hash a file as git does."""
    framed = b"blob %d\0%b" % (len(content), content)
    return hashlib.sha1(framed, usedforsecurity=False).hexdigest()
