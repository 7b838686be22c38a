"""What the simulated sources answer about a life: only what was asked for, by period, scope, history and focus."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss.lives import Home, Job, Life, Member, Recognition
from sandbox.numbers import enterprise_number
from sandbox.people import Person

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it
Answer = tuple[str, Sequence[Element]]
"""A reason code of bcss-primaweb §1.5, and what is found."""
FOUND = "MSG00000"
RN = "http://www.ibz.rrn.fgov.be/XSD/xm25/rn25Schema"
_BARE = ElementMaker()
_RN = ElementMaker(namespace=RN, nsmap={"r": RN})
_CENTURY, _BACK = 100, 3


def _parts(day: date) -> tuple[etree._Element, ...]:
    """A date in parts, as the National Register writes it."""
    return (
        _RN.Century(str(day.year // _CENTURY)),
        _RN.Year(f"{day.year % _CENTURY:02d}"),
        _RN.Month(f"{day.month:02d}"),
        _RN.Day(f"{day.day:02d}"),
    )


def _date(day: date) -> etree._Element:
    return _RN.Date(*_parts(day))


def _coded(name: str, code: str, label: str) -> etree._Element:
    return _RN(name, _RN.Code(code), _RN.Label(label))


def register(asked: etree._Element, life: Life, today: date) -> Answer:
    """Number, name, addresses (with ``history`` all of them), civil state, and a household no flow of ours needs."""
    del today
    person = life.person
    number = _RN.NationalNumber(
        _RN.NationalNumber(person.niss), _date(person.born), _RN.Sex("1" if person.sex == "M" else "2")
    )
    history = asked.findtext("searchInformation/history", "false").strip() in {"true", "1"}
    homes = [_home(one) for one in reversed(life.homes) if history or one.end is None]
    civil = ("20", "Marié") if life.married else ("10", "Célibataire")
    state = _RN.CivilState(_date(person.born), _coded("CivilState", *civil), Type="120", Structure="B1")
    implicit = _BARE.rrn_it_implicit(
        _RN.NationalNumber(number, Type="000", Structure="A1"),
        _RN.LegalMainAddresses(*homes),
        _RN.CivilStates(state),
        _RN.FamilyMembers(*(_member(one) for one in life.household)),
    )
    return FOUND, [implicit]


def _home(home: Home) -> etree._Element:
    address = _RN.Address(
        _RN.ZipCode(home.address.postcode),
        _RN.Street(_RN.Graphic(home.address.street.upper())),
        _RN.HouseNumber(home.address.number),
    )
    ended = [_RN.DelDate(*_parts(home.end))] if home.end else []
    return _RN.LegalMainAddress(_date(home.begin), *ended, address, Type="020", Structure="A1")


def _member(member: Member) -> etree._Element:
    role = {"01": "isolé ou chef", "02": "conjoint", "03": "enfant", "12": "non apparenté"}[member.role]
    number = _RN.NationalNumber(_RN.NationalNumber(member.person.niss))
    return _RN.FamilyMember(
        _date(member.since), _coded("FamilyRole", member.role, role), number, Type="140", Structure="A1"
    )


def _period(criteria: etree._Element | None, name: str = "period") -> tuple[date | None, date | None]:
    """The days asked for; None where nothing is said."""
    begin = end = None
    if criteria is not None:
        begin, end = criteria.findtext(f"{name}/beginDate"), criteria.findtext(f"{name}/endDate")
    return (date.fromisoformat(begin[:10]) if begin else None, date.fromisoformat(end[:10]) if end else None)


def employment(asked: etree._Element, life: Life, today: date) -> Answer:
    """Contracts: ``active`` today, ``activeInPeriod``, or ``mutations``: begun or ended in the period."""
    criteria = asked.find("criteria")
    begin, end = _period(criteria)
    first, last = begin or today, end or today
    match asked.findtext("criteria/scope"):
        case "activeInPeriod":
            found = [one for one in life.jobs if one.meets(first, last)]
        case "mutations":
            found = [one for one in life.jobs if first <= one.begin <= last or (one.end and first <= one.end <= last)]
        case _:
            found = [one for one in life.jobs if one.meets(today, today)]
    if not found:
        return "DOLS0000", []
    person = life.person
    who = _BARE.person(_BARE.ssin(person.niss), _BARE.lastName(person.name), _BARE.firstName(person.first_name))
    return FOUND, [_BARE.result(who, *(_contract(n, one, today) for n, one in enumerate(found, 1)))]


def _contract(n: int, job: Job, today: date) -> etree._Element:
    over = job.end is not None and job.end < today
    left = [_BARE.outServiceDate(job.end.isoformat())] if job.end else []
    employer = _BARE.employer(
        _BARE.name(f"Sandbox {job.employer} SA"), _BARE.cbeNumber(enterprise_number(job.employer))
    )
    return _BARE.employment(
        _BARE.lastDimonaAction("out" if over else "in"),
        _BARE.inServiceDate(job.begin.isoformat()),
        *left,
        _BARE.workerType(job.worker),
        _BARE.cancelled("false"),
        _BARE.dimonaPeriodId(str(n)),
        employer,
    )


def career(asked: etree._Element, life: Life, today: date) -> Answer:
    """Segments of the period, or all; an element that the bank took out for this client."""
    del today
    if not life.career:
        return "SES00100", []
    begin, end = _period(asked.find("criteria"))
    found = [one for one in life.career if begin is None or one.meets(begin, end)]
    if not found:
        return "SES00200", []
    segments = [
        _BARE.careerSegment(
            _BARE.period(
                _BARE.beginDate(one.begin.isoformat()), *([_BARE.endDate(one.end.isoformat())] if one.end else [])
            ),
            _BARE.selfEmployedQuality(_BARE.code(one.quality), _BARE.description("sandbox", language="FR")),
            _BARE.contribution(_BARE.code("100"), _BARE.description("sandbox", language="FR")),
        )
        for one in found
    ]
    affiliation = _BARE.affiliation(
        _BARE.socialInsuranceFund(_BARE.code("001")),
        _BARE.signatureDate(life.career[0].begin.isoformat()),
        _BARE.careerSegments(*segments),
    )
    return FOUND, [
        _BARE.ssin(life.person.niss),
        _BARE.dataFilters(_BARE.filteredElement("occupation")),
        _BARE.career(_BARE.nisseReference("000000001"), _BARE.affiliations(affiliation)),
    ]


def handicap(asked: etree._Element, life: Life, today: date) -> Answer:
    """Of the parts asked for: a request, the decision that holds on the day with scores no debt file needs, a right."""
    told = asked.findtext("criteria/referenceDate")
    day = date.fromisoformat(told[:10]) if told else today
    recognition = life.recognition
    if recognition is None or not recognition.meets(day, day):
        return "HAN00032", []
    parts: dict[str, Callable[[Recognition], etree._Element | None]] = {
        "evolutionOfRequest": _request,
        "handicapRecognitions": _decision,
        "rights": _right,
    }
    wanted = [name for name in parts if asked.findtext(f"criteria/parts/{name}", "").strip() in {"true", "1"}]
    if not wanted:
        return "HAN00022", []
    found = [one for name in wanted if (one := parts[name](recognition)) is not None]
    status = _BARE.status(_BARE.value("DATA_FOUND"), _BARE.code(FOUND))
    return FOUND, [_BARE.ssin(life.person.niss), _BARE.results(_BARE.dgphResult(status, _BARE.file(*found)))]


def _request(_recognition: Recognition) -> etree._Element:
    return _BARE.evolutionOfRequest(
        _BARE.legislation("3"),
        _BARE.administrativePendingRequest("false"),
        _BARE.handicapRecognitionPending("false"),
        _BARE.appeal("false"),
    )


def _decision(recognition: Recognition) -> etree._Element:
    ends = [_BARE.endDateRecognition(recognition.end.isoformat())] if recognition.end else []
    status = _BARE.recognitionStatus(
        _BARE.dateOfDecision(recognition.decided.isoformat()),
        _BARE.startDateRecognition(recognition.begin.isoformat()),
        *ends,
    )
    scores = _BARE.resultRecognitionAdult(_BARE.diminuationIndependence(_BARE.mobility("2")))
    return _BARE.handicapRecognitions(_BARE.handicapRecognition(status, scores))


def _right(recognition: Recognition) -> etree._Element | None:
    if recognition.cents is None:
        return None
    amount = euro(recognition.cents)
    return _BARE.rights(
        _BARE.period(_BARE.beginDate(recognition.begin.isoformat())),
        _BARE.legislation("3"),
        _BARE.totalMonthAmount(amount),
        _BARE.monthAmount(amount),
        _BARE.categoryIVT("A"),
        _BARE.categoryIT("2"),
        _BARE.partnerIncome("false"),
    )


def income(asked: etree._Element, life: Life, today: date) -> Answer:
    """The year asked for, or the most recent of the last three; assessed with whom one is married to. Euro cents."""
    said = asked.findtext("criteria/referenceYear/year")
    years: Iterable[int] = [int(said)] if said else range(today.year - 1, today.year - 1 - _BACK, -1)
    year = next((one for one in years if one in life.incomes), None)
    if year is None:
        return "TAXA0007", []
    value = _BARE.fiscalData(
        _BARE.element("GLOBAL_TAXABLE_INCOME", communalInformation="false"),
        _BARE.value(str(life.incomes[year]), type="INTEGER"),
    )
    partner = life.married
    state = "PRIMARY" if partner else "SINGULAR"
    result = _BARE.result(
        _BARE.requestedFiscalPerson(_BARE.ssin(life.person.niss), _BARE.fiscalState(state)),
        *([related(partner)] if partner else []),
        _BARE.incomeYear(str(year)),
        _BARE.taxAssessmentNumber("0000000001"),
        _BARE.fiscalDataList(value),
    )
    return FOUND, [_BARE.ssinStatusData(_BARE.requestedSsinStatus("ACTIVE")), result]


def related(partner: Person) -> etree._Element:
    """Whom one is assessed with."""
    return _BARE.relatedFiscalPerson(_BARE.ssin(partner.niss), _BARE.fiscalState("SECONDARY"))


def euro(cents: int) -> str:
    """Euro with two decimals."""
    return f"{cents // _CENTURY}.{cents % _CENTURY:02d}"
