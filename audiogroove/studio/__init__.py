"""Every preview of a piece, made once and off the event loop: sound, picture, score, video.

make(stored, product) ──▶ in the store? ──▶ under way already? ──▶ made, and kept in the store
                                                 sound: in a thread, for FluidSynth and the
                                                 encoders free the interpreter; all else in
                                                 a child process, for resvg and verovio hold it
"""

from audiogroove.render.product import Product
from audiogroove.studio.studio import Studio

__all__ = ["Product", "Studio"]
