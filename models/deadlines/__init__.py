"""Working time, promises and legal limits: when a case must be taken and answered, and why.

``clocks`` fixes the two times of a case, ``explain`` tells how they were counted, ``ladder`` when
who is reminded, ``calendar`` holds the arithmetic, ``review`` lists what a person must confirm.
The figures are in ``models/data``; nothing here reads a clock or a database.
"""
