"""A piece as sound: played by FluidSynth, levelled, encoded."""
