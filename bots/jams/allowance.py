"""How often a card may change: some changes at once, then one every so many seconds."""

BURST = 3  # changes at once


class Allowance:
    """Counts changes, after the generic cell rate algorithm (ITU-T I.371, annex A).

    What was used comes back with time: one change every `pause_s`.
    """

    def __init__(self) -> None:
        """Begin with nothing used."""
        self._used_until_s = 0.0  # when all that was used will have come back

    def wait_s(self, now_s: float, pause_s: float, spare: int = 0) -> float:
        """Tell how long to wait until the next change; 0 when it may be made at once.

        After it so many more could be made at once: `spare`, below BURST.
        """
        return max(0.0, self._used_until_s - now_s - (BURST - 1 - spare) * pause_s)

    def spend(self, now_s: float, pause_s: float, changes: int = 1) -> None:
        """Count changes that are made now."""
        self._used_until_s = max(self._used_until_s, now_s) + changes * pause_s
