import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from hub.adapters.crypto.receipts import Ed25519Signer, opened_receipt
from hub.application.intake.ports import DocumentRow
from hub.application.intake.receipts import ReceiptWriter, event_ids
from hub.application.intake.strict_json import canonical
from hub.application.intake.verify_receipt import receipt_in, verified
from hub.domain.messaging.errors import RefusalError

pytestmark = pytest.mark.unit
SIGNER = Ed25519Signer(b"s" * 32)
BODY = b"<x/>"
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def receipt(body: bytes = BODY, connector: str = "cia", events: int = 2) -> str:
    row = DocumentRow(
        id=UUID(int=1),
        connector=connector,
        institution="etude-001",
        message_id="m-1",
        sha256=hashlib.sha256(body).digest(),
        size=len(body),
        state="accepted",
        events=events,
        refused=0,
        sequence=None,
        receipt=None,
        answer="{}",
        wrapped_key=b"",
        traceparent="",
        received_at=AT,
        expires_at=AT,
    )
    return ReceiptWriter(SIGNER, "https://hub.example").of(row, AT, event_ids(connector, "etude-001", "m-1", events))


def test_receipt_says_what_was_accepted_and_is_checked_with_the_published_key() -> None:
    claims = verified(receipt(), SIGNER.key_set(), BODY, opened_receipt)
    assert (claims["iss"], claims["jti"], claims["sha256"]) == (
        "https://hub.example",
        str(UUID(int=1)),
        hashlib.sha256(BODY).hexdigest(),
    )
    assert claims["events"] == event_ids("cia", "etude-001", "m-1", 2)


def test_receipt_of_many_events_holds_the_hash_of_their_derivable_ids() -> None:
    claims = verified(receipt(events=1500), SIGNER.key_set(), None, opened_receipt)
    derived = "\n".join(event_ids("cia", "etude-001", "m-1", claims["eventCount"]))
    assert claims["eventsSha256"] == hashlib.sha256(derived.encode()).hexdigest()
    assert "events" not in claims


def test_one_changed_byte_anywhere_is_found() -> None:
    genuine = receipt()
    for at in range(0, len(genuine), 7):
        changed = genuine[:at] + ("A" if genuine[at] != "A" else "B") + genuine[at + 1 :]
        with pytest.raises(RefusalError) as refusal:
            verified(changed, SIGNER.key_set(), None, opened_receipt)
        assert refusal.value.rule == "receipt-forged"


def test_receipt_of_another_hub_or_another_document_is_refused() -> None:
    with pytest.raises(RefusalError) as forged:
        verified(receipt(), Ed25519Signer(b"t" * 32).key_set(), BODY, opened_receipt)
    with pytest.raises(RefusalError) as other:
        verified(receipt(), SIGNER.key_set(), b"<y/>", opened_receipt)
    assert (forged.value.rule, other.value.rule) == ("receipt-forged", "receipt-other-document")


def test_receipt_of_an_event_speaks_of_its_canonical_form() -> None:
    event = {"id": "1", "data": {"b": 1, "a": "é"}}
    genuine = receipt(canonical(event), connector="events")
    assert verified(genuine, SIGNER.key_set(), json.dumps(event, indent=2).encode(), opened_receipt)


@pytest.mark.parametrize("form", ["{}", '{{"receipt": "{}"}}', "<answer><receipt>{}</receipt></answer>", "\n{}\n"])
def test_receipt_is_found_in_whatever_the_hub_answered(form: str) -> None:
    assert receipt_in(form.format("a.b.c")) == "a.b.c"


@pytest.mark.parametrize("text", ["", "{}", "{", "<answer/>", "a.b", '{"receipt": 3}'])
def test_file_without_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(RefusalError):
        receipt_in(text)
