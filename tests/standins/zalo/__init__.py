"""A stand-in for Zalo's Official Account: strict, over real HTTP, in its own process.

``python -m tests.standins.zalo`` prints the port it listens on.  The service talks to it as to
Zalo's three servers; tests play people and faults through ``/control`` (``client.Standin``).
It is built from public descriptions, as the channel is: that both agree proves no more than that.
"""
