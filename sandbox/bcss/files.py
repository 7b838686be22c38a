"""What the simulated sources hold about a synthetic person: made from the person alone, the same each time."""

from datetime import date

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.numbers import enterprise_number
from sandbox.people import Person

_BARE = ElementMaker()
RN = "http://www.ibz.rrn.fgov.be/XSD/xm25/rn25Schema"
_RN = ElementMaker(namespace=RN, nsmap={"r": RN})
PENSIONS = "http://www.ksz-bcss.fgov.be/XSD/SSDN/PensionRegister"
_P = ElementMaker(namespace=PENSIONS, nsmap={None: PENSIONS})
_CENTURY = 100


def _date(day: date) -> etree._Element:
    """A date in parts, as the National Register writes it."""
    return _RN.Date(
        _RN.Century(str(day.year // _CENTURY)),
        _RN.Year(f"{day.year % _CENTURY:02d}"),
        _RN.Month(f"{day.month:02d}"),
        _RN.Day(f"{day.day:02d}"),
    )


def _coded(name: str, code: str, label: str) -> etree._Element:
    return _RN(name, _RN.Code(code), _RN.Label(label))


def register(person: Person) -> list[etree._Element]:
    """Number, name, address, civil state, and a household that no flow of ours needs."""
    number = _RN.NationalNumber(
        _RN.NationalNumber(person.niss), _date(person.born), _RN.Sex("1" if person.sex == "M" else "2")
    )
    address = _RN.Address(
        _RN.ZipCode(person.address.postcode),
        _RN.Street(_RN.Graphic(person.address.street.upper())),
        _RN.HouseNumber(person.address.number),
    )
    alone = _coded("FamilyRole", "01", "isolé")
    implicit = _BARE.rrn_it_implicit(
        _RN.NationalNumber(number, Type="000", Structure="A1"),
        _RN.LegalMainAddresses(_RN.LegalMainAddress(_date(date(2014, 3, 1)), address, Type="020", Structure="A1")),
        _RN.CivilStates(
            _RN.CivilState(_date(person.born), _coded("CivilState", "10", "Célibataire"), Type="120", Structure="B1")
        ),
        _RN.FamilyMembers(_RN.FamilyMember(_date(person.born), alone, Type="140", Structure="A1")),
    )
    return [implicit]


def employment(person: Person) -> list[etree._Element]:
    """One contract that is active."""
    employer = _BARE.employer(_BARE.name("Sandbox SA"), _BARE.cbeNumber(enterprise_number(77)))
    record = _BARE.employment(
        _BARE.lastDimonaAction("in"),
        _BARE.inServiceDate("2020-01-06"),
        _BARE.workerType("oth"),
        _BARE.cancelled("false"),
        _BARE.dimonaPeriodId("1"),
        employer,
    )
    who = _BARE.person(_BARE.ssin(person.niss), _BARE.lastName(person.name), _BARE.firstName(person.first_name))
    return [_BARE.result(who, record)]


def career(person: Person) -> list[etree._Element]:
    """One affiliation, and an element that the bank took out for this client."""
    segment = _BARE.careerSegment(
        _BARE.period(_BARE.beginDate("2008-01-02"), _BARE.endDate("2012-12-31")),
        _BARE.selfEmployedQuality(_BARE.code("100"), _BARE.description("sandbox", language="FR")),
        _BARE.contribution(_BARE.code("100"), _BARE.description("sandbox", language="FR")),
    )
    affiliation = _BARE.affiliation(
        _BARE.socialInsuranceFund(_BARE.code("001")),
        _BARE.signatureDate("2008-01-02"),
        _BARE.careerSegments(segment),
    )
    return [
        _BARE.ssin(person.niss),
        _BARE.dataFilters(_BARE.filteredElement("occupation")),
        _BARE.career(_BARE.nisseReference("000000001"), _BARE.affiliations(affiliation)),
    ]


def handicap(person: Person) -> list[etree._Element]:
    """A request, a decision with scores that no debt file needs, and a right."""
    decision = _BARE.handicapRecognition(
        _BARE.recognitionStatus(_BARE.dateOfDecision("2019-05-02"), _BARE.startDateRecognition("2019-01-01")),
        _BARE.resultRecognitionAdult(_BARE.diminuationIndependence(_BARE.mobility("2"))),
    )
    request = _BARE.evolutionOfRequest(
        _BARE.legislation("3"),
        _BARE.administrativePendingRequest("false"),
        _BARE.handicapRecognitionPending("false"),
        _BARE.appeal("false"),
    )
    status = _BARE.status(_BARE.value("DATA_FOUND"), _BARE.code("MSG00000"))
    file = _BARE.file(request, _BARE.handicapRecognitions(decision))
    return [_BARE.ssin(person.niss), _BARE.results(_BARE.dgphResult(status, file))]


def income(person: Person) -> list[etree._Element]:
    """One amount in euro cents."""
    value = _BARE.fiscalData(
        _BARE.element("GLOBAL_TAXABLE_INCOME", communalInformation="false"), _BARE.value("2345600", type="INTEGER")
    )
    return [
        _BARE.ssinStatusData(_BARE.requestedSsinStatus("ACTIVE")),
        _BARE.result(
            _BARE.requestedFiscalPerson(_BARE.ssin(person.niss), _BARE.fiscalState("SINGULAR")),
            _BARE.incomeYear("2024"),
            _BARE.taxAssessmentNumber("0000000001"),
            _BARE.fiscalDataList(value),
        ),
    ]


def together(result: etree._Element, partner: str) -> None:
    """Assess two people together."""
    related = _BARE.relatedFiscalPerson(_BARE.ssin(partner), _BARE.fiscalState("SECONDARY"))
    result.insert(1, related)


def pensions() -> etree._Element:
    """A demand that is being looked at."""
    institution = _P.PayingInstitution(
        _P.DebtorInstitutionCompanyId(enterprise_number(88)),
        _P.DebtorInstitutionImmatriculation("00000001"),
        _P.InstitutionName("Sandbox pensions"),
    )
    demand = _P.PayingInstitutionItem(_P.PensionDemand(_P.PensionDemandDate("2025-03-01")))
    return _P.Penskad_OpenPK_ConsultReply(_P.PensionItem(institution, demand))
