"""Bare zeep in a loop: one consultation after the other, over one connection, nothing kept.

``python -m bench.bare_zeep COUNT PEOPLE SEED`` with ``HUB_BCSS__…`` in the environment; prints JSON.
"""

import json
import sys
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

import requests
from zeep import Client, Settings
from zeep.transports import Transport

import connectors
from bench.bank import ENTERPRISE, people
from hub.settings import BcssSettings, read_settings

_WSDL = Path(connectors.__file__).parent / "bcss" / "income.wsdl"


def service(settings: BcssSettings) -> Any:
    """The income service as bare zeep calls it."""
    session = requests.Session()
    session.trust_env = False  # an authority named in the environment would take the place of ours
    session.verify, session.cert = str(settings.authority), (str(settings.certificate), str(settings.key))
    transport = Transport(session=session)  # type: ignore[no-untyped-call]
    client: Any = Client(  # type: ignore[no-untyped-call]
        str(_WSDL), settings=Settings(strict=True, forbid_dtd=True), transport=transport
    )
    (binding,) = client.wsdl.bindings
    address = dict(one.split("=", 1) for one in str(settings.endpoints).split(";"))["income"]
    return client.create_service(str(binding), address)


def ask(income: Any, number: str) -> None:
    """One consultation; the bank must have looked."""
    customer = {
        "ticket": str(uuid4()),
        "timestampSent": datetime.now(UTC),
        "customerIdentification": {"cbeNumber": ENTERPRISE},
    }
    selection = {"elements": {"element": ["GLOBAL_TAXABLE_INCOME"]}, "groups": {"group": []}}
    year = {"derivedYear": "MOST_RECENT"}
    criteria = {"ssin": number, "referenceYear": year, "fiscalDataSelection": selection}
    answer = income.consultTaxAssessmentData(
        informationCustomer=customer, legalContext="PCSA:DEBT_RECOVERY", criteria=criteria
    )
    assert answer.status.value in {"DATA_FOUND", "NO_DATA_FOUND"}  # somebody without an income of three years


def main(count: int, known: int, seed: int) -> None:
    """Ask so often."""
    income, took = service(read_settings().bcss), []
    numbers = cycle(one.niss for one in people(known, seed))
    ask(income, next(numbers))  # warm-up
    for number in islice(numbers, count):
        began = perf_counter()
        ask(income, number)
        took.append(perf_counter() - began)
    print(json.dumps({"rate": count / sum(took), "p99_ms": quantiles(took, n=100)[98] * 1000}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
