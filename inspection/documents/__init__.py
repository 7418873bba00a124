"""What each official document says, as plain data: the same for Word and for the reading copy."""
