"""The process under test: `python -m bots`, as it is run, in a folder of its own."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.load.fake import ROOT

SAMPLE_S = 0.25
LAST_LINES = 20
LINE_END = " | "  # within a log line, where what was raised is told


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MiB, of the process and its children together."""

    start: float
    most: float
    end: float


class House:
    """Enter it to start the process, leave it to end that if it still runs."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        """Take `settings` for the whole environment, and so no proxy of ours."""
        self._folder = folder
        self._settings = dict(settings)
        self._log = folder / "bots.log"
        self._process: asyncio.subprocess.Process | None = None
        self._memory: list[float] = []

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process
        return self._process.pid

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def memory(self) -> Memory:
        """Tell what `watch` saw."""
        return Memory(self._memory[0], max(self._memory), self._memory[-1])

    async def watch(self) -> None:
        """Look at the memory again and again, until cancelled."""
        while self.is_up:
            self._memory.append(sum(map(resident_mib, family(self.pid))))
            await asyncio.sleep(SAMPLE_S)  # nobody tells when memory grows

    async def ended(self) -> int:
        """Wait until the process ends; its exit status."""
        assert self._process
        return await self._process.wait()

    async def stop(self) -> int:
        """Ask it to end in order, and wait until it has; its exit status."""
        if self._process and self.is_up:
            self._process.terminate()
        return await self.ended()

    def log(self) -> list[dict[str, Any]]:
        """Read its log; what is no JSON comes as an event of its own."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [_read(line) for line in lines]

    def complaints(self) -> Counter[str]:
        """Count its log lines that tell of trouble, by what they say."""
        serious = ("warning", "error", "critical")
        lines = [line for line in self.log() if line.get("level") in serious]
        return Counter(_complaint(line) for line in lines)

    def tail(self) -> str:
        """Tell the last of its log."""
        return "\n".join(self._log.read_text(encoding="utf-8").splitlines()[-LAST_LINES:])

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bots"),
                cwd=self._folder,
                env={
                    "PYTHONPATH": str(ROOT),
                    "AUDIOGROOVE_DATABASE_URL": f"sqlite:///{self._folder / 'load.db'}",
                    "AUDIOGROOVE_LOG_FORMAT": "json",
                    "AUDIOGROOVE_WEB_PORT": "",
                    **self._settings,
                },
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process and self.is_up:
            self._process.kill()
            await self._process.wait()


def family(pid: int) -> list[int]:
    """List a process and all that descend from it."""
    children = [int(child) for child in _proc(pid, f"task/{pid}/children").split()]
    return [pid, *(one for child in children for one in family(child))]


def resident_mib(pid: int) -> float:
    """Tell the resident memory of a process; 0 when it has ended."""
    for line in _proc(pid, "status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_s(pid: int) -> float:
    """Tell the CPU time that a process has used, all its threads together."""
    fields = _proc(pid, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _complaint(line: Mapping[str, Any]) -> str:
    """Say what a line says, and what was raised if anything was."""
    raised = str(line.get("exception", "")).split(LINE_END)[-1]
    return ": ".join(filter(None, [line["level"], line["event"], raised]))


def _read(line: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"level": "error", "event": line}
    return read
