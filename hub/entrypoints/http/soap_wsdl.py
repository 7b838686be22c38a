"""The WSDL of a connector, made from what it knows: one operation a document, SOAP 1.1 and 1.2, document/literal.

The types are the connector's own XSD and the schema of XML answers, imported from where the hub serves them.
"""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hub.sdk import Connector

_WSDL, _XSD = "http://schemas.xmlsoap.org/wsdl/", "http://www.w3.org/2001/XMLSchema"
_BINDINGS = {"Soap11": "http://schemas.xmlsoap.org/wsdl/soap/", "Soap12": "http://schemas.xmlsoap.org/wsdl/soap12/"}
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_ANSWER = "urn:be:mediationhub:answer:1"


def wsdl_of(connector: Connector, base: str) -> bytes:
    """The description of ``<base>/v1/connectors/<name>/soap``."""
    own = f"urn:be:mediationhub:{connector.name}:soap:1"
    roots = sorted(connector.documents, key=_local)
    namespaces = dict.fromkeys(root[1:].partition("}")[0] for root in roots)
    prefixes = {namespace: f"d{n}" for n, namespace in enumerate(namespaces)}
    named = {f"xmlns:{prefix}": namespace for namespace, prefix in prefixes.items()}
    top = Element(
        "definitions",
        {"xmlns": _WSDL, "xmlns:tns": own, "xmlns:answer": _ANSWER, **named, "targetNamespace": own}
        | {"name": connector.name},
    )
    address = f"{base.rstrip('/')}/v1"
    schema = SubElement(SubElement(top, "types"), "xs:schema", {"xmlns:xs": _XSD, "targetNamespace": f"{own}:types"})
    places = {**dict.fromkeys(namespaces, f"{address}/connectors/{connector.name}/contract")}
    for namespace, place in {**places, _ANSWER: f"{address}/answer.xsd"}.items():
        SubElement(schema, "xs:import", {"namespace": namespace, "schemaLocation": place})
    for root in roots:
        namespace = root[1:].partition("}")[0]
        _message(top, f"{_local(root)}Request", f"{prefixes[namespace]}:{_local(root)}")
    _message(top, "Answer", "answer:answer")
    _message(top, "Refusal", "answer:problem")
    _port_type(top, [_local(root) for root in roots])
    for binding, namespace in _BINDINGS.items():
        _binding(top, binding, namespace, [_local(root) for root in roots], own)
    _service(top, connector.name, f"{address}/connectors/{connector.name}/soap")
    indent(top)
    found: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return found


def _local(root: str) -> str:
    return root.rpartition("}")[2]


def _message(top: Element, name: str, element: str) -> None:
    SubElement(SubElement(top, "message", {"name": name}), "part", {"name": "document", "element": element})


def _port_type(top: Element, operations: list[str]) -> None:
    port = SubElement(top, "portType", {"name": "Documents"})
    for name in operations:
        operation = SubElement(port, "operation", {"name": name})
        SubElement(operation, "input", {"message": f"tns:{name}Request"})
        SubElement(operation, "output", {"message": "tns:Answer"})
        SubElement(operation, "fault", {"name": "Refusal", "message": "tns:Refusal"})


def _binding(top: Element, name: str, namespace: str, operations: list[str], own: str) -> None:
    binding = SubElement(top, "binding", {"name": name, "type": "tns:Documents", "xmlns:s": namespace})
    SubElement(binding, "s:binding", {"style": "document", "transport": _HTTP})
    for operation in operations:
        holder = SubElement(binding, "operation", {"name": operation})
        SubElement(holder, "s:operation", {"soapAction": f"{own}/{operation}", "style": "document"})
        for way in ("input", "output"):
            SubElement(SubElement(holder, way), "s:body", {"use": "literal"})
        SubElement(SubElement(holder, "fault", {"name": "Refusal"}), "s:fault", {"name": "Refusal", "use": "literal"})


def _service(top: Element, name: str, address: str) -> None:
    service = SubElement(top, "service", {"name": name})
    for binding, namespace in _BINDINGS.items():
        port = SubElement(service, "port", {"name": binding, "binding": f"tns:{binding}", "xmlns:s": namespace})
        SubElement(port, "s:address", {"location": address})
