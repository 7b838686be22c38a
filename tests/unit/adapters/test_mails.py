"""Whom a mail is believed to come from, and that every line of it must be known."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from hub.adapters.mails.reading import PartnerMails
from hub.adapters.mails.verdicts import MailPolicy
from hub.application.intake.notation_ports import Sending
from hub.application.intake.refusals import DocumentRefusedError
from tests.connectors.documents import contract_of
from tests.support.register_mails import ALERT, AUTHORITY, OVERVIEW, PASSED, SENDER, alert, mail, overview

pytestmark = pytest.mark.unit
POLICY = MailPolicy(domains=("justrestart.example",), authority=AUTHORITY)
SENDING = Sending("mail-1", "cpas-1", datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
FORGED = PASSED.replace(AUTHORITY, "mx.thief.example")
FAILED = f"{AUTHORITY}; dkim=fail header.d=justrestart.example; spf=fail smtp.mailfrom=x@thief.example"


def read(data: bytes, policy: MailPolicy = POLICY) -> list[tuple[str, str, str]]:
    document = PartnerMails(policy).document(contract_of("justrestart"), data, SENDING)
    root = etree.fromstring(document)
    assert contract_of("justrestart").findings(root) == ()
    return [(one.attrib["case"], one.attrib["kind"], one.attrib["on"]) for one in root]


def refusal(data: bytes, policy: MailPolicy = POLICY) -> str:
    with pytest.raises(DocumentRefusedError) as refused:
        PartnerMails(policy).document(contract_of("justrestart"), data, SENDING)
    return refused.value.rule


@pytest.mark.parametrize("language", OVERVIEW)
def test_overview_says_what_may_have_to_be_done(language: str) -> None:
    assert read(overview(language)) == [
        ("2026/LIEGE/1", "claim", "2026-11-26"),
        ("2026/LIEGE/1", "claim", "2026-11-26"),
        ("2026/LIEGE/2", "hearing", "2026-11-26"),
    ]


@pytest.mark.parametrize("language", ALERT)
def test_alert_is_of_the_day_in_brussels_on_which_it_came(language: str) -> None:
    assert read(alert(language)) == [("2026/LIEGE/1", "message", "2026-11-28")]


@pytest.mark.parametrize(
    "sender",
    [
        "no-reply@thief.example",
        "no-reply@justrestart.example.thief.example",
        "no-reply@notjustrestart.example",
        f"{SENDER}, thief@thief.example",
        '"no-reply@justrestart.example" <x@thief.example>',
    ],
)
def test_sender_of_another_domain_is_refused(sender: str) -> None:
    assert refusal(overview(sender=sender)) == "mail-sender"


@pytest.mark.parametrize(
    "results",
    [
        (),
        (FORGED,),
        (FAILED, PASSED),
        (PASSED.replace("dkim=pass", "dkim=fail"),),
        (PASSED.replace("spf=pass", "spf=softfail"),),
        (PASSED.replace("header.d=justrestart.example", "header.d=thief.example"),),
        (PASSED.replace("bounce@mail.justrestart.example", "bounce@thief.example"),),
        (PASSED.replace("header.d=justrestart.example", "header.d=example"),),
        (PASSED.replace("dkim=pass", "dkim=none (dkim=pass)"),),
        (f"{AUTHORITY} 1; none",),
    ],
    ids=range(10),
)
def test_mail_without_the_verdicts_of_the_trusted_server_is_refused(results: tuple[str, ...]) -> None:
    assert refusal(overview(results=results)) == "mail-unverified"


def test_only_the_topmost_result_of_the_trusted_server_counts_and_others_are_passed_over() -> None:
    assert read(overview(results=(FORGED, PASSED, FAILED)))


def test_policy_says_which_methods_must_pass_and_nobody_is_believed_unless_it_says_so() -> None:
    only = (f"{AUTHORITY}; dkim=pass header.d=justrestart.example",)
    dkim = MailPolicy(domains=("justrestart.example",), authority=AUTHORITY, require=("dkim",))
    assert read(overview(results=only), dkim)
    assert refusal(overview(results=only)) == "mail-unverified"
    assert refusal(overview(), MailPolicy()) == "mail-sender"
    assert refusal(overview(), MailPolicy(domains=("justrestart.example",))) == "mail-unverified"


@pytest.mark.parametrize(
    "data",
    [
        overview(lines=["- Dossier 2026/LIEGE/1 : quelque chose de nouveau"]),
        overview(lines=[*OVERVIEW["fr"][2], "Il y a encore 12 actions."]),
        overview(lines=["- Dossier de M. Untel : nouvelle créance introduite"]),
        overview(lines=[]),
        mail("JustRestart - Autre chose", OVERVIEW["fr"][1].format(lines=OVERVIEW["fr"][2][0])),
        mail(OVERVIEW["fr"][0], ""),
        overview("nl").replace(b"text/plain", b"application/pdf", 1),
        overview("nl").replace(b'charset="utf-8"', b'charset="x-nothing"', 1),
    ],
    ids=["kind", "line", "case", "nothing", "subject", "empty", "no text", "charset"],
)
def test_unknown_layout_is_refused_whole(data: bytes) -> None:
    assert refusal(data) == "mail-layout"


def test_mail_that_came_by_another_way_is_the_same_and_another_one_is_not() -> None:
    mails = PartnerMails(POLICY)
    assert mails.identity(overview()) == mails.identity(overview(hop="other", results=()))
    assert mails.identity(overview()) != mails.identity(overview(name="2"))
    assert mails.identity(overview()) != mails.identity(overview(lines=OVERVIEW["fr"][2][:1]))


@pytest.mark.parametrize(
    "data", [b"", b"\0\xff", b"From: a\nSubject: =?x?q?=ff?=\n\nx", b"Content-Type: multipart/x\n\n--"]
)
def test_bytes_that_are_no_mail_are_refused(data: bytes) -> None:
    assert PartnerMails(POLICY).identity(data).startswith("mail-")
    assert refusal(data) == "mail-sender"
