"""A maker of previews that needs no time: it labels what the real one would make."""

from audiogroove.errors import RenderingFailed
from audiogroove.render.legend import Legend
from audiogroove.render.product import MADE_BY, Product
from audiogroove.store.rows import StoredPiece
from bots.describing import legend


class Easel:
    """Makes a label of everything, but for what a test takes away."""

    def __init__(self) -> None:
        """Lack nothing, and break at nothing."""
        self.lacking: set[Product] = set()
        self.breaking: set[Product] = set()
        self.asked: list[Product] = []

    def can(self, product: Product) -> bool:
        """Tell whether it was left to us."""
        return product not in self.lacking

    def legend(self, stored: StoredPiece) -> Legend:
        """Tell what the chats tell."""
        return legend(stored)

    async def make(self, stored: StoredPiece, product: Product) -> bytes:
        """Make a label.

        Raises:
            RenderingFailed: when the test wants it so.
        """
        self.asked.append(product)
        if product in self.lacking | self.breaking:
            raise RenderingFailed(MADE_BY[product].what, fault="the test wants it so")
        return f"{product} of {stored.id}".encode()

    async def pages(self, stored: StoredPiece) -> list[bytes]:
        """Make two pages of a score; refused as `make` refuses."""
        await self.make(stored, Product.PDF)
        return [b"page 1", b"page 2"]
