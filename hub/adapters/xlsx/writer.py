"""Workbooks as answers: the one that came with its errors beside the rows, and our own export in the same form.

What was text stays text, even when it begins like a formula.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet  # the type of a write-only sheet

from hub.adapters.xlsx.rows import Values
from hub.application.intake.notation_ports import Mark
from hub.sdk import Column, Sheet

_RED = PatternFill("solid", fgColor="FFC7CE")
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDE, _NARROW = 80, 18
_DATE, _AMOUNT = "dd/mm/yyyy", "#,##0.00"
_FIRST = "fr"
"""The language of headings when the reader's is neither of those the register speaks."""


def marked(rows: Sequence[tuple[int, Values]], marks: Mapping[int, Sequence[Mark]], title: str) -> bytes:
    """The rows as they came, each with its errors in one more column; bad cells are red.

    Row 0 of ``marks``: of the whole file, told below the others.
    """
    width = max((_width(row) for _, row in rows), default=0)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.column_dimensions[get_column_letter(width + 1)].width = _WIDE
    head: dict[str, int] = {}
    last = 0
    for number, row in rows:
        for _ in range(last + 1, number):
            sheet.append([])
        last = number
        told = marks.get(number, ())
        names = {str(value).strip(): place for place, value in enumerate(row) if isinstance(value, str)}
        head = head or (names if _is_head(names, marks) else {})
        bad = {head[one.heading] for one in told if one.heading in head}
        cells = [_cell(sheet, value, red=place in bad) for place, value in enumerate(row[:width])]
        said = [one.text for one in told] if told else [title] if head is names and names else []
        sheet.append([*cells, _told(sheet, said)])
    if whole := marks.get(0):
        sheet.append([])
        sheet.append([*[None] * width, _told(sheet, [one.text for one in whole])])
    return _saved(book)


def written(sheet: Sheet, rows: Sequence[Mapping[str, object]], language: str) -> bytes:
    """Rows of attributes under the headings of a language, in the words of that language."""
    spoken = language if language in sheet.title else _FIRST
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.title[spoken])
    page.freeze_panes = "A2"
    for number in range(1, len(sheet.columns) + 1):
        page.column_dimensions[get_column_letter(number)].width = _NARROW
    page.append([_heading(page, column.headings[spoken]) for column in sheet.columns])
    for row in rows:
        page.append([_value(page, column, row.get(column.attribute), spoken) for column in sheet.columns])
    return _saved(book)


def _is_head(names: Mapping[str, int], marks: Mapping[int, Sequence[Mark]]) -> bool:
    """Whether a row is that of the headings: it has one that a finding names."""
    return any(one.heading in names for told in marks.values() for one in told if one.heading)


def _width(row: Values) -> int:
    return max((place for place, value in enumerate(row, 1) if value is not None), default=0)


def _cell(sheet: WriteOnlyWorksheet, value: object, *, red: bool = False) -> Cell:
    known: Any = value if isinstance(value, str | int | float | Decimal | date | None) else str(value)
    cell = WriteOnlyCell(sheet, value=known)
    if isinstance(known, str):
        cell.data_type = "s"
    if isinstance(known, date):
        cell.number_format = _DATE
    if red:
        cell.fill = _RED
    return cell


def _told(sheet: WriteOnlyWorksheet, texts: Sequence[str]) -> Cell:
    cell = _cell(sheet, "\n".join(texts) or None)
    cell.alignment = _WRAPPED
    return cell


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _cell(sheet, text)
    cell.font = _BOLD
    return cell


def _value(sheet: WriteOnlyWorksheet, column: Column, value: object, language: str) -> Cell:
    if column.form == "word" and isinstance(value, str):
        return _cell(sheet, column.words[value][language])
    cell = _cell(sheet, value)
    if column.form == "amount":
        cell.number_format = _AMOUNT
    return cell


def _saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
