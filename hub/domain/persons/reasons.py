"""What each reason code of the bank makes the hub do: one table (bcss-primaweb §1.5).

A code without a line is judged by the status it came with: with data or a clear "none" it is an answer; with no result
it is somebody's error, which is not repeated.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

from schemas.consultations import FlowStatus

Treatment = Literal["suspend", "denied", "replaced", "cancelled", "again", "ours", "rejected", "answer"]
"""From the weightiest to the lightest; of several codes the weightiest decides.

``suspend``: contract or authorisation is wrong: ask nothing more of this service until a person resumes it.
``denied``: the bank's own gate is closed; believe it, refresh the integrations with a list, integrate nobody.
``replaced``, ``cancelled``: the number is no longer hers; told, never followed silently.
``again``: technical; back-off and breaker. ``ours``: our request is wrong; given up and told to the developers.
``rejected``: what was asked does not fit the person. ``answer``: a business answer.
"""

_WEIGHT = {treatment: at for at, treatment in enumerate(get_args(Treatment))}

REASONS: Mapping[str, Treatment] = MappingProxyType(
    {
        "MSG00000": "answer",  # treatment completed successfully
        "MSG00001": "again",  # service unavailable
        "MSG00002": "again",  # supplier unavailable
        "MSG00003": "again",  # internal error
        "MSG00005": "answer",  # number unknown
        "MSG00006": "replaced",  # number replaced
        "MSG00007": "cancelled",  # number cancelled
        "MSG00008": "ours",  # validation error
        "MSG00011": "ours",  # number of the wrong form
        "MSG00012": "denied",  # not (sufficiently) integrated: the legal gate
        "MSG00013": "suspend",  # legal context not allowed
        "MSG00014": "suspend",  # credentials are another organisation's
        "MSG00015": "suspend",  # authorisation refused
        "MSG00020": "again",  # supplier unavailable
        "MSG00021": "answer",  # unknown at the supplier
        "MSG00023": "again",  # bad answer of the supplier
        "MSG00025": "ours",  # operation not implemented
        "RTIPC001": "answer",  # file not accessible
        "SES00100": "answer",  # no data for the person
        "SES00200": "answer",  # none in the period
        "SES00300": "ours",  # period wrong
        "SES00400": "ours",  # quarter wrong
        "SES00500": "ours",  # unexpected code of the supplier
        "SES00600": "suspend",  # our enterprise number is no CPAS
        "TAXA0007": "answer",  # no tax data up to three income years back
        "HAN00010": "suspend",  # client not authorised
        "HAN00011": "suspend",  # information not authorised
        "HAN00020": "ours",  # payments of more than two years
        "HAN00021": "ours",  # dates not ascending
        "HAN00022": "ours",  # nothing asked
        "HAN00023": "ours",  # nothing asked
        "HAN00030": "ours",  # schema error at DGPH
        "HAN00031": "again",  # error at DGPH
        "HAN00032": "answer",  # no result
        "HAN00033": "ours",  # schema error at DGPH
        "SSK00003": "answer",  # unknown at DGPH
        "DOLS0000": "answer",  # no match
        "DOLS0004": "answer",  # partial (register)
        "DOLS0005": "answer",  # partial (bank)
        "DOLS0009": "answer",  # family composition error
        "30000001": "answer",  # sum: a service request was in error; its own code decides
        "20000001": "answer",  # sum: a warning
        "10000": "answer",  # sum: ERROR
        "31009001": "ours",  # incomplete birth date without tolerance
        "31000007": "ours",  # mandatory argument missing
        "31000005": "ours",  # argument not valid
        "21007001": "answer",  # phonetic criteria ignored beside a number
        "22007007": "rejected",  # proof of identity does not match
        "12007001": "answer",  # identity validated
    }
)


def treatment_of(reasons: Iterable[str], status: FlowStatus | None = None) -> Treatment:
    """What an answer with these codes and this status makes the hub do."""
    unlisted: Treatment = "ours" if status in {None, "NO_RESULT"} else "answer"
    found = [REASONS.get(reason, unlisted) for reason in reasons]
    return min(found, key=_WEIGHT.__getitem__, default="answer")
