"""The composition root: the only place where parts meet, one module a room.

``async with opened() as hub:`` (``hub.bootstrap.hub``) gives every use case over the real database and the addresses
of this environment. A process that needs little opens a room alone (``opened_as``): what is not imported costs no
memory.
"""
