"""The law in chat: what is asked, how answers become facts, how a decision reads."""
