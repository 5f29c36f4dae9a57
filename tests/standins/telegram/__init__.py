"""A stand-in for a Bot API server: strict, over real HTTP, in its own process.

``python -m tests.standins.telegram --port 0`` prints the port it listens on.  Bots talk to it as
to Telegram; tests play the people and the faults through ``/control`` (see ``client.Standin``).
"""
