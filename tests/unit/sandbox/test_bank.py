"""The simulated bank: lives that differ, and answers to what was asked alone."""

from datetime import date, timedelta

import pytest
from lxml import etree

from sandbox.bcss import files
from sandbox.bcss.books import Books, Entry
from sandbox.bcss.fates import Fates, UnknownFateError
from sandbox.bcss.lives import Life, Spell, lives, somebody_whole
from sandbox.bcss.pensions import PENSIONS, pensions
from sandbox.people import Population

pytestmark = pytest.mark.unit

PEOPLE = Population.of(seed=5, people=300, offices=1, cpas=1).people
LIVES = lives(PEOPLE)
TODAY = date(2026, 3, 2)
P = f"{{{PENSIONS}}}"


def asked(inner: str) -> etree._Element:
    return etree.fromstring(f"<question>{inner}</question>")


def answered(name: str, life: Life, inner: str) -> tuple[str, list[etree._Element]]:
    code, found = {
        "register": files.register,
        "employment": files.employment,
        "career": files.career,
        "handicap": files.handicap,
        "income": files.income,
    }[name](asked(inner), life, TODAY)
    return code, list(found)


def test_people_differ_and_are_the_same_each_time() -> None:
    assert lives(PEOPLE) == LIVES
    assert len({str(one.incomes) for one in LIVES.values()}) > len(PEOPLE) * 0.9
    assert {bool(one.pension) for one in LIVES.values()} == {True, False}
    assert {len(one.household) for one in LIVES.values()} == {1, 2, 3, 4}
    assert LIVES[somebody_whole(PEOPLE).niss].whole


def test_couple_is_assessed_together_both_ways() -> None:
    couples = [(one, one.married) for one in LIVES.values() if one.married]
    assert couples
    for one, other in couples:
        assert LIVES[other.niss].married == one.person
    first, partner = couples[0]
    code, found = answered("income", first, "<criteria/>")
    assert (code, found[-1].findtext("relatedFiscalPerson/ssin")) == ("MSG00000", partner.niss)


def test_history_is_told_when_it_is_asked_for_alone() -> None:
    mover = next(one for one in LIVES.values() if len(one.homes) > 1)
    path = f"{{{files.RN}}}LegalMainAddresses/*"

    _, now = answered("register", mover, "<searchInformation><history>false</history></searchInformation>")
    _, all_ = answered("register", mover, "<searchInformation><history>true</history></searchInformation>")

    assert (len(now[0].findall(path)), len(all_[0].findall(path))) == (1, len(mover.homes))
    assert len(all_[0].findall(f"{path}/{{{files.RN}}}DelDate")) == len(mover.homes) - 1


def test_contracts_are_those_of_the_scope() -> None:
    worker = next(one for one in LIVES.values() if len(one.jobs) > 1 and one.jobs[-1].end is None)
    first = worker.jobs[0]
    assert first.end is not None

    def count(scope: str, begin: date, end: date) -> int:
        period = f"<period><beginDate>{begin}</beginDate><endDate>{end}</endDate></period>"
        _, found = answered("employment", worker, f"<criteria><scope>{scope}</scope>{period}</criteria>")
        return len(found[0].findall("employment")) if found else 0

    day = timedelta(days=1)
    assert count("active", TODAY, TODAY) == 1
    assert count("activeInPeriod", first.begin, first.begin) == 1
    assert count("activeInPeriod", first.begin, TODAY) == len(worker.jobs)
    assert count("mutations", first.begin + day, first.end - day) == 0
    assert count("mutations", first.begin, first.end) == 1


def test_nobody_works_is_a_code_and_no_empty_answer() -> None:
    idle = next(one for one in LIVES.values() if not one.jobs)
    assert answered("employment", idle, "<criteria><scope>active</scope></criteria>") == ("DOLS0000", [])


def test_career_is_that_of_the_period() -> None:
    never = next(one for one in LIVES.values() if not one.career)
    once = next(one for one in LIVES.values() if one.career)
    before = once.career[0].begin - timedelta(days=400)
    period = f"<criteria><period><beginDate>{before}</beginDate><endDate>{before}</endDate></period></criteria>"

    assert answered("career", never, "<criteria/>")[0] == "SES00100"
    assert answered("career", once, period)[0] == "SES00200"
    assert answered("career", once, "<criteria/>")[0] == "MSG00000"


def test_handicap_is_told_by_its_parts_on_a_day() -> None:
    one = next(one for one in LIVES.values() if one.recognition and one.recognition.cents)
    assert one.recognition is not None
    day = f"<referenceDate>{one.recognition.begin}</referenceDate>"

    def told(parts: str, day: str = day) -> tuple[str, set[str]]:
        code, found = answered("handicap", one, f"<criteria>{day}<parts>{parts}</parts></criteria>")
        return code, {str(part.tag) for part in found[-1].iterfind("dgphResult/file/*")} if found else set()

    assert told("<rights>true</rights>") == ("MSG00000", {"rights"})
    assert told("") == ("HAN00022", set())
    early = one.recognition.begin - timedelta(days=1)
    assert told("<rights>true</rights>", f"<referenceDate>{early}</referenceDate>")[0] == "HAN00032"


def test_income_is_of_the_year_asked_for_or_of_the_last_three() -> None:
    one = LIVES[somebody_whole(PEOPLE).niss]
    year = min(one.incomes)
    _, found = answered("income", one, f"<criteria><referenceYear><year>{year}</year></referenceYear></criteria>")
    assert found[-1].findtext("fiscalDataList/fiscalData/value") == str(one.incomes[year])
    assert (
        answered("income", one, "<criteria><referenceYear><year>1999</year></referenceYear></criteria>")[0]
        == "TAXA0007"
    )


def test_payments_of_a_pension_are_told_by_the_focus() -> None:
    one = next(one for one in LIVES.values() if one.pension and not one.pension.demanded)
    assert one.pension is not None
    begin = one.pension.begin

    def months(focus: str) -> list[str]:
        question = etree.fromstring(
            f'<q xmlns="{PENSIONS}"><Period><StartDate>{begin}</StartDate>'
            f"<EndDate>{begin + timedelta(days=20)}</EndDate>"
            f"</Period><RequestedData><Focus>{focus}</Focus></RequestedData></q>"
        )
        return [text or "" for text in (m.text for m in pensions(question, one).iter(f"{P}StartMonth"))]

    assert months("ReferencePeriod") == [f"{begin:%Y-%m}-00"]
    assert months("MonthOfPayment") == []  # the first month is paid in the one after it


def test_gate_wants_the_code_of_the_legal_context() -> None:
    books, day = Books(), date(2026, 3, 2)
    books.add(Entry(niss="1", code=35, begin=day, end=None, organisation="cpas"))

    assert books.integrated("1", "cpas", day)
    assert not books.integrated("1", "cpas", day, 31)
    assert Spell(begin=day).meets(day, None)


def test_word_that_names_no_fate_is_refused() -> None:
    fates = Fates()
    for wrong in ("explode", "http:999", "warning:", "fault:"):
        with pytest.raises(UnknownFateError, match="silence"):
            fates.order(wrong)
    with pytest.raises(UnknownFateError):
        fates.rate({"explode": 0.5})
    fates.order("ok", "MSG00012", "fault:MSG00003", "warning:21007001", "information:12007001", "http:503", "10000")
