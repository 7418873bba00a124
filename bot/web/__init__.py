"""What is reached from outside: calls of the networks, pictures and files by their addresses, the health page."""
