"""The chat side: channels, the conversation, commands, delivery, the simulator and the composition root."""
