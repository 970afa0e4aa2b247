"""How often a wish is granted, wish by wish, beside how often it comes true unwished.

Style is left out: whether music is of a style takes a judge, and the likelihood of real music
with and without its wishes (`audiogroove evaluate likelihood`) says more of it.
"""
