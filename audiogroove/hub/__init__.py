"""Models on the Hugging Face Hub: a checkpoint folder goes there and comes from there."""
