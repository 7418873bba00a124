"""How fast the bot is, measured beside a bare echo on the same machine in the same minutes; see README.md."""
