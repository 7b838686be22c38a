"""The simulated pension register: rights and payments of a life, by both focuses (bcss-primaweb §2.6)."""

from collections.abc import Iterator
from datetime import date

from lxml import etree
from lxml.builder import ElementMaker

from sandbox.bcss.files import euro
from sandbox.bcss.lives import Life, Pension
from sandbox.numbers import enterprise_number

PENSIONS = "http://www.ksz-bcss.fgov.be/XSD/SSDN/PensionRegister"
_P = ElementMaker(namespace=PENSIONS, nsmap={None: PENSIONS})
_Q = f"{{{PENSIONS}}}"
_MONTHS = 12


def pensions(asked: etree._Element, life: Life) -> etree._Element:
    """Rights that share a day with the period, and of their payments those of its months.

    Months of reference, or months of payment: a month is paid in the one after it.
    """
    begin = date.fromisoformat(asked.findtext(f"{_Q}Period/{_Q}StartDate", "")[:10])
    end = date.fromisoformat(asked.findtext(f"{_Q}Period/{_Q}EndDate", "")[:10])
    pension, later = life.pension, asked.findtext(f"{_Q}RequestedData/{_Q}Focus") == "MonthOfPayment"
    items = []
    if pension is not None and pension.meets(begin, end):
        institution = _P.PayingInstitution(
            _P.DebtorInstitutionCompanyId(enterprise_number(88)),
            _P.DebtorInstitutionImmatriculation("00000001"),
            _P.InstitutionName("Sandbox pensions"),
        )
        items.append(_P.PensionItem(institution, _P.PayingInstitutionItem(_right(pension, begin, end, later=later))))
    return _P.Penskad_OpenPK_ConsultReply(*items)


def _right(pension: Pension, begin: date, end: date, *, later: bool) -> etree._Element:
    if pension.demanded:
        return _P.PensionDemand(_P.PensionDemandDate(pension.begin.isoformat()))
    information = _P.RightInformation(
        _P.AdvantageCode("A1"),
        _P.Periodicity("1"),
        _P.PensionFileId("1"),
        _P.PensionType(pension.kind),
        Pillar="First",
        Origin="National",
    )
    paid = [_payment(pension, month, later=later) for month in _months(pension, begin, end, later=later)]
    return _P.RightWithPayments(information, *paid) if paid else _P.RightWithoutPayments(information)


def _months(pension: Pension, begin: date, end: date, *, later: bool) -> Iterator[date]:
    """The months of reference whose focus lies in the period."""
    month = pension.begin.replace(day=1)
    while month <= end:
        seen = _next(month) if later else month
        if begin.replace(day=1) <= seen <= end and (pension.end is None or month <= pension.end):
            yield month
        month = _next(month)


def _next(month: date) -> date:
    return date(month.year + month.month // _MONTHS, month.month % _MONTHS + 1, 1)


def _payment(pension: Pension, month: date, *, later: bool) -> etree._Element:
    del later
    amount, told, paid = euro(pension.cents), f"{month:%Y-%m}-00", f"{_next(month):%Y-%m}-00"
    return _P.PaymentsInformation(
        _P.ReferencePeriod(_P.StartMonth(told), _P.EndMonth(told)),
        _P.TotalAmounts(_P.TotalGrossAmount(amount), _P.TotalPrecomptableAmount(amount)),
        _P.Index(_P.Index("1.00"), _P.IndexType("1")),
        _P.PaymentHistory(
            _P.GrossAmount(amount),
            _P.PrecomptableAmount(amount),
            _P.PrecomptePercentage("0.00"),
            _P.MonthOfPayment(paid),
            _P.CreationDate(_next(month).isoformat()),
        ),
        _P.IsHolidayAmount("false"),
    )
