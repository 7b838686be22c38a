"""Who acts when a command is run: whoever may read this environment's secrets may do what its commands do."""

import getpass


def administrator() -> str:
    """The name that the audit keeps: of the account at the keyboard."""
    return f"cli:{getpass.getuser()}"
