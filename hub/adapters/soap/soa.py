"""The SOA services: what is asked of each, and how an answer becomes content (bcss-primaweb §1.3, §2.4 to §2.9).

Only what a flow needs is asked, and what comes back unasked is taken out before anything is kept (§2.4, §2.8).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hub.application.consult.ports import Days, FlowRequest
from schemas.persons import FlowName

INTERFACE = "http://kszbcss.fgov.be/intf"
_IDENTITY = frozenset(
    {
        *("NationalNumber", "Names", "Nationalities", "BirthPlace", "CivilStates", "Deceases"),
        *("RegistrationRegisters", "NotCommunicable"),
    }
)
_ADDRESSES = frozenset(
    {
        *("FileOwner", "LegalMainAddresses", "AddressDeclarationAbroad", "AddressChangeDeclaration"),
        *("ResidenceAbroad", "PostalAddressAbroad", "AddressReferences", "TemporaryAbsences", "LegalResidences"),
        "NotCommunicable",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SoaService:
    """A service by its WSDL. ``groups``: of the National Register's groups only these are kept (None: no such answer).

    ``never``: elements that the flow may not know; ``other``: an element that tells of somebody else, and her role.
    ``household``: members of it are kept as other people, each under her own key.
    """

    name: str
    file: str
    operation: str
    root: str
    arguments: Callable[[FlowRequest], Mapping[str, Any]] = field(repr=False)
    groups: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    other: tuple[str, str] | None = None
    household: bool = False

    @property
    def space(self) -> str:
        """Its namespace."""
        return f"{INTERFACE}/{self.name}"

    @property
    def action(self) -> str:
        """Its soapAction, which has no version."""
        return f"http://kszbcss.fgov.be/{self.name.partition('/')[0]}/{self.operation}"


def _register(*, history: bool) -> Callable[[FlowRequest], Mapping[str, Any]]:
    def arguments(asked: FlowRequest) -> Mapping[str, Any]:
        search = {"ssin": asked.subject.niss, "language": asked.language, "history": history}
        return {"legalContext": asked.legal_context, "searchInformation": search}

    return arguments


def _days(period: Days) -> Mapping[str, Any]:
    ends = {"endDate": period.end} if period.end else {}
    return {"beginDate": period.begin, **ends}


def _employment(asked: FlowRequest) -> Mapping[str, Any]:
    """Contracts that are active, or were in a period; ``forceDataAccess`` is never set: it would go round the gate."""
    criteria: dict[str, Any] = {"ssin": asked.subject.niss, "scope": "active"}
    if asked.period:
        whole = Days(begin=asked.period.begin, end=asked.period.end or asked.day)
        criteria |= {"scope": "activeInPeriod", "period": _days(whole)}
    security = {"service": "WELFARE", "legalContext": asked.legal_context, "role": "Agent"}
    return {"securityContext": security, "criteria": criteria}


def _career(asked: FlowRequest) -> Mapping[str, Any]:
    criteria: dict[str, Any] = {"ssin": asked.subject.niss}
    if asked.period:
        criteria["period"] = _days(asked.period)
    return {"legalContext": asked.legal_context, "criteria": criteria}


def _handicap(asked: FlowRequest) -> Mapping[str, Any]:
    """Requests, decisions and rights of the DGPH; cards and the Flemish source are not needed for debts."""
    parts = {"evolutionOfRequest": True, "handicapRecognitions": True, "rights": True, "socialCards": False}
    criteria = {
        "ssin": asked.subject.niss,
        "handicapAuthenticSources": {"DGPH": True, "VSB": False},
        "referenceDate": asked.day,
        "parts": parts,
    }
    return {"legalContext": asked.legal_context, "criteria": criteria}


def _income(asked: FlowRequest) -> Mapping[str, Any]:
    """The one element of the manual; both selections must be there, even an empty one (§2)."""
    year = {"year": asked.period.begin.year} if asked.period else {"derivedYear": "MOST_RECENT"}
    criteria = {
        "ssin": asked.subject.niss,
        "referenceYear": year,
        "fiscalDataSelection": {"elements": {"element": ["GLOBAL_TAXABLE_INCOME"]}, "groups": {"group": []}},
    }
    return {"legalContext": asked.legal_context, "criteria": criteria}


def _of_register(groups: frozenset[str], *, history: bool, household: bool = False) -> SoaService:
    return SoaService(
        name="RetrieveTIGroupsService/v2",
        file="register",
        operation="retrieveTI",
        root="retrieveTIGroups",
        arguments=_register(history=history),
        groups=groups,
        household=household,
    )


SOA: Mapping[FlowName, SoaService] = MappingProxyType(
    {
        "identification": _of_register(_IDENTITY, history=False, household=True),
        "addresses": _of_register(_ADDRESSES, history=True),
        "employment": SoaService(
            name="Dolsis2011Service/v1",
            file="employment",
            operation="findEmployersByWorker",
            root="findEmployersByWorker",
            arguments=_employment,
            never=frozenset({"maritalStatusPartner"}),
        ),
        "self-employed": SoaService(
            name="SelfEmployedService/v2",
            file="self-employed",
            operation="consultCareer",
            root="consultCareer",
            arguments=_career,
        ),
        "handicap": SoaService(
            name="HandiService/v2",
            file="handicap",
            operation="consultFilesByDate",
            root="consultFilesByDate",
            arguments=_handicap,
            never=frozenset(
                ["handicapRecognitionDetails", "resultRecognitionChild", "resultRecognitionAdult", "socialCards"]
            ),
        ),
        "income": SoaService(
            name="TaxAssessmentDataService/v2",
            file="income",
            operation="consultTaxAssessmentData",
            root="consultTaxAssessmentData",
            arguments=_income,
            other=("relatedFiscalPerson", "fiscal-partner"),
        ),
    }
)
"""The flows that are asked of SOA services; pensions go over the classic channel."""
