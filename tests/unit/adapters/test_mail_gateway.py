from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from uuid import UUID

import pytest

from hub.adapters.smtp.connections import MailServer
from hub.adapters.smtp.gateway import message_id_of, message_of
from hub.adapters.smtp.letters import Letter
from hub.application.deliver.ports import DueDelivery

pytestmark = pytest.mark.unit

EVENT = UUID("00000000-0000-4000-8000-000000000001")


def delivery(effect: str) -> DueDelivery:
    return DueDelivery(
        id=EVENT,
        event_id=EVENT,
        effect=effect,
        kind="mail",
        partner="mail",
        key="d1",
        content={},
        subject=None,
        personal=None,
        correlationid="d1",
        traceparent=None,
        attempt=1,
        happened=False,
    )


@pytest.mark.parametrize(
    ("effect", "local"),
    [
        ("invitation/o991", "invitation/o991"),
        ("invitation/o..1.", "invitation/o=2e=2e1=2e"),
        ("a=2e", "a=3d2e"),
        ("é>\r\nBcc:", "=c3=a9=3e=0d=0aBcc=3a"),
    ],
)
def test_message_id_is_made_of_event_and_effect_and_always_valid(effect: str, local: str) -> None:
    assert message_id_of(delivery(effect), "hub.invalid") == f"<{EVENT}.{local}@hub.invalid>"


def test_mail_server_is_read_from_its_url() -> None:
    assert MailServer.parse("smtp://mail.invalid") == MailServer(
        host="mail.invalid", port=25, tls=False, user=None, password=None
    )
    assert MailServer.parse("smtps://us%40er:p%2Fw@mail.invalid:1465") == MailServer(
        host="mail.invalid", port=1465, tls=True, user="us@er", password="p/w"
    )


@pytest.mark.parametrize("url", ["", "mail.invalid:25", "http://u:hidden@mail.invalid", "smtp://"])
def test_mail_server_that_is_no_smtp_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="HUB_SMTP__URL") as refused:
        MailServer.parse(url)
    assert "hidden" not in str(refused.value)


def test_long_subject_with_accents_arrives_with_every_space() -> None:
    subject = f"Invitation à communiquer vos créances – réf. d{'0' * 32}.étude-010"
    mail = message_of(
        Letter(subject=subject, text="x", html="<p>x</p>"),
        sender=Address("Hub", addr_spec="hub@hub.invalid"),
        recipient=Address(addr_spec="o@o.invalid"),
        message_id="<1@hub.invalid>",
        date=datetime(2026, 3, 2, tzinfo=UTC),
    )

    assert message_from_bytes(mail.as_bytes(), policy=policy.default)["subject"] == subject
