"""AudioGroove in Telegram: updates become asks, replies become messages; nothing else."""
