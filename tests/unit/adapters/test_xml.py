from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from lxml import etree

from connectors import CONNECTORS
from hub.adapters.xml.contract import LxmlContract
from hub.adapters.xml.parser import parsed, root_of
from hub.adapters.xml.places import xpath_of
from hub.adapters.xml.stream import LxmlItemStream
from hub.application.intake.refusals import DocumentRefusedError

pytestmark = pytest.mark.unit
ITEM = "{urn:x}i"


def refused(data: bytes) -> str:
    with pytest.raises(DocumentRefusedError) as refusal:
        parsed(data)
    with pytest.raises(DocumentRefusedError) as head:
        root_of(data)
    assert refusal.value.rule == head.value.rule
    return refusal.value.rule


@pytest.mark.parametrize("prolog", [b"", b"<?xml version='1.0'?>", b"\xef\xbb\xbf", b"<!-- c --> \n<?p i?>\n"])
def test_document_type_declaration_is_found_behind_any_prolog(prolog: bytes) -> None:
    assert refused(prolog + b"<!DOCTYPE x><x/>") == "dtd-forbidden"


def test_word_doctype_in_the_content_is_only_a_word() -> None:
    assert parsed(b"<x><![CDATA[<!DOCTYPE]]></x>").text == "<!DOCTYPE"
    assert parsed(b"<!-- <!DOCTYPE --><x/>").tag == "x"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "UCS-4", "cp037", "x-unknown"])
def test_encoding_that_could_hide_markup_is_refused(encoding: str) -> None:
    assert refused(f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode()) == "encoding-unsupported"


@pytest.mark.parametrize("encoding", ["UTF-8", "iso-8859-1", "ISO-8859-15", "windows-1252", "us-ascii"])
def test_encodings_of_our_partners_are_read(encoding: str) -> None:
    text = "e" if encoding == "us-ascii" else "é"
    data = f'<?xml version="1.0" encoding="{encoding}"?><x>{text}</x>'.encode(encoding)
    assert parsed(data).text == text


def test_refusal_of_broken_xml_names_line_and_rule_and_never_the_text() -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        parsed(b"<x>\n<secret>\n</other></x>")
    (finding,) = refusal.value.findings
    assert (finding.line, finding.limit) == (3, "ERR_TAG_NAME_MISMATCH")


def test_root_is_read_from_the_first_bytes_without_its_content() -> None:
    root = root_of(b'<x xmlns="urn:x" a="1"><i/><i/>')
    assert (root.tag, dict(root.attrib), len(root)) == ("{urn:x}x", {"a": "1"}, 0)


def test_xpath_counts_only_where_there_are_several() -> None:
    root = etree.fromstring(b'<a xmlns="urn:x"><b/><c><d/><d f="1"/></c></a>')
    assert xpath_of(root[1][1], attribute="f") == "/a/c/d[2]/@f"
    assert xpath_of(root[1], item=4711) == "/a/c[4711]"


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(given: Iterable[bytes]) -> None:
    stream = LxmlItemStream(ITEM, 10_000)
    for piece in given:
        stream.feed(piece)
    stream.close()


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_items_come_in_order_however_the_bytes_come(size: int) -> None:
    data = b'<x xmlns="urn:x">' + b"".join(b'<i n="%d"><i>inner</i>%d</i>\n ' % (n, n) for n in range(50)) + b"</x>"
    stream, seen = LxmlItemStream(ITEM, 10_000), []
    for piece in pieces(data, size):
        seen += [(item.number, item.element.get("n")) for item in stream.feed(piece)]
    stream.close()
    assert seen == [(n + 1, str(n)) for n in range(50)]


@pytest.mark.parametrize(
    "content",
    [b"<s/>", b"<i/><s/>", b"<s/><i/>", b"<i/><s/><i/>", b"text", b"<i/>text", b"<i/>text<i/>", b"<w><i/></w>"],
)
def test_what_is_no_item_is_refused_wherever_it_stands(content: bytes) -> None:
    with pytest.raises(DocumentRefusedError) as refusal:
        read(pieces(b'<x xmlns="urn:x">' + content + b"</x>", 5))
    assert refusal.value.rule == "not-valid"


def test_item_that_never_ends_is_refused_at_its_limit() -> None:
    endless = (b"<a/>" * 100 for _ in range(40))
    with pytest.raises(DocumentRefusedError) as refusal:
        read(chain([b'<x xmlns="urn:x"><i>'], endless))
    assert refusal.value.rule == "item-too-large"


def test_broken_value_is_told_by_its_rule_and_never_by_the_value() -> None:
    contract = LxmlContract(CONNECTORS["cia"], item_bytes=10_000, depth=20, attributes=30)
    withdrawal = b'<Withdrawal office="o" reference="r" version="secret" niss="1"/>'
    entry = b"<Entry>" + withdrawal + b"</Entry>"
    stream = contract.stream("{urn:be:mediationhub:cia:1}Entry")
    *_, third = stream.feed(b'<Synchronisation xmlns="urn:be:mediationhub:cia:1">' + entry * 3)
    findings = contract.findings(third.element, third.number)
    assert {finding.xpath for finding in findings} >= {"/Synchronisation/Entry[3]/Withdrawal/@version"}
    assert all(finding.item == 3 and "secret" not in finding.limit for finding in findings)


def test_depth_and_attributes_beyond_the_limits_are_named() -> None:
    contract = LxmlContract(CONNECTORS["cia"], item_bytes=10_000, depth=5, attributes=3)
    (deep,) = contract.findings(parsed(b"<a>" * 6 + b"</a>" * 6))
    (broad,) = contract.findings(parsed(b"<a><b c='' d='' e='' f=''/></a>"))
    assert (deep.code, broad.code, broad.xpath) == ("depth", "attributes", "/a/b")
