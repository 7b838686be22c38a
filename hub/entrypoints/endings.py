"""How a command or process ends: its exit code.

0 done · 1 something failed that nobody foresaw · 2 wrong usage, or (``topics plan``) changes wait ·
3 refused by a rule · 4 a part of the hub is away or has no address.
"""

from hub.bootstrap.places import NowhereError, SecretsMissingError
from hub.domain.messaging.errors import HubError, TransientError
from hub.settings import UnknownSettingError

FAILED, USAGE, REFUSED, AWAY = 1, 2, 3, 4
FORESEEN = (NowhereError, SecretsMissingError, ConnectionError, UnknownSettingError, HubError)


def exit_code(error: BaseException) -> int:
    """The exit code for an error."""
    match error:
        case NowhereError() | SecretsMissingError() | TransientError() | ConnectionError():
            return AWAY
        case UnknownSettingError():
            return USAGE
        case HubError():
            return REFUSED
        case _:
            return FAILED
