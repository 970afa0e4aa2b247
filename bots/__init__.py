"""AudioGroove in chats: Discord, Telegram and the console, one conversation."""
