"""Rows of a workbook's first sheet that has the headings, and what each cell says in the words of a contract."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from hub.adapters.xlsx.archive import SheetLimits, checked
from hub.application.intake.refusals import DocumentRefusedError
from hub.sdk import Column, Sheet

_HEAD_WITHIN = 20
"""Rows among which the headings stand: a title and some lines may come first."""
Values = Sequence[object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """Where the columns stand: place in the row → column, and the words of the file for it."""

    row: int
    places: Mapping[int, Column]
    words: Mapping[str, str]


def rows_of(data: bytes, limits: SheetLimits) -> Iterator[tuple[int, Values]]:
    """Rows of the first sheet with their numbers, without empty ones at the end; values, no formulas.

    Raises:
        DocumentRefusedError: see ``checked``; ``workbook-broken``; ``workbook-rows``.
    """
    stream = checked(data, limits)
    try:
        yield from _rows(stream, limits)
    except DocumentRefusedError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises anything over a file that is none
        raise DocumentRefusedError("workbook-broken") from None


def _rows(stream: BytesIO, limits: SheetLimits) -> Iterator[tuple[int, Values]]:
    with closing(load_workbook(stream, read_only=True, data_only=True, keep_links=False)) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=limits.rows + 1, max_col=limits.columns, values_only=True)
        for number, row in enumerate(rows, 1):
            if all(value is None for value in row):
                continue
            if number > limits.rows:
                raise DocumentRefusedError("workbook-rows", limit=str(limits.rows))
            yield number, row


def headings_in(number: int, row: Values, sheet: Sheet) -> Headings | None:
    """The headings of a row; None: it has fewer than half of those that must be there.

    Raises:
        DocumentRefusedError: ``workbook-headings`` when some are missing, ``workbook-heading-twice``.
    """
    known = {_plain(text): column for column in sheet.columns for text in (*column.headings.values(), *column.also)}
    places: dict[int, Column] = {}
    words: dict[str, str] = {}
    for place, value in enumerate(row):
        column = known.get(_plain(value)) if isinstance(value, str) else None
        if column is None:
            continue
        if column.attribute in words:
            raise DocumentRefusedError("workbook-heading-twice", limit=_both(column))
        places[place], words[column.attribute] = column, str(value).strip()
    must = [column for column in sheet.columns if column.must]
    missing = [column for column in must if column.attribute not in words]
    if 2 * len(missing) > len(must):
        return None
    if missing:
        raise DocumentRefusedError("workbook-headings", limit=", ".join(map(_both, missing)))
    return Headings(row=number, places=places, words=words)


def found_headings(rows: Iterator[tuple[int, Values]], sheet: Sheet) -> Headings:
    """The headings among the first rows.

    Raises:
        DocumentRefusedError: as ``headings_in``; ``workbook-headings`` with all of them when there are none.
    """
    for number, row in rows:
        if number > _HEAD_WITHIN:
            break
        if found := headings_in(number, row, sheet):
            return found
    raise DocumentRefusedError(
        "workbook-headings", limit=", ".join(_both(column) for column in sheet.columns if column.must)
    )


def told(headings: Headings, row: Values) -> dict[str, str]:
    """What the cells of a row say, by attribute; what cannot be read stays as it is, for the schema to refuse."""
    found: dict[str, str] = {}
    for place, column in headings.places.items():
        value = row[place] if place < len(row) else None
        text = _said(column, value)
        if text:
            found[column.attribute] = text
    return found


def _said(column: Column, value: object) -> str:
    if value is None:
        return ""
    if column.form == "amount":
        return _amount(value)
    if column.form == "date":
        return _date(value)
    text = _text(value)
    if column.form == "word":
        return _value_of(column).get(_plain(text), text)
    return text


def _value_of(column: Column) -> Mapping[str, str]:
    return {_plain(word): value for value, words in column.words.items() for word in (value, *words.values())}


def _text(value: object) -> str:
    """A number that Excel made of a reference is that number again."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value)).strip()


_GROUPED = re.compile(r"[0-9]{1,3}(?:[ .\u00a0\u202f'][0-9]{3})+(?:,[0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?")


def _amount(value: object) -> str:
    """``1.234,56`` and ``1 234,56`` as Belgians type them, numbers as Excel keeps them."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value) if isinstance(value, float) else value)
        return format(number.quantize(Decimal("0.01")) if _cents(number) else number, "f")
    text = str(value).replace("€", "").replace("EUR", "").strip()
    if not _GROUPED.fullmatch(text):
        return text
    if re.search(r"[.][0-9]{1,2}$", text):
        return text
    return re.sub(r"[ .\u00a0\u202f']", "", text).replace(",", ".")


def _cents(number: Decimal) -> bool:
    """Whether a number is one of cents but for what binary fractions leave behind."""
    return (
        number.is_finite()
        and abs(number) < Decimal(10) ** 13
        and (abs(number - number.quantize(Decimal("0.01"))) < Decimal("0.000001"))
    )


def _date(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    text = str(value).strip()
    day = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text)
    return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else text


def _plain(text: Any) -> str:
    """For comparing: without accents, case, double spaces or what stands in brackets."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", str(text)) if not unicodedata.combining(one))
    bare = re.sub(r"\([^()]*\)", "", bare.replace("’", "'").replace("°", "o"))
    return " ".join(bare.casefold().split()).rstrip(" :*")


def _both(column: Column) -> str:
    return " / ".join(dict.fromkeys(column.headings.values()))
