"""What may be sent and believed: our own contracts, and an institution's official kit beside them when there is one.

A message's parts are validated by their namespace: the envelope of the classic channel without what it carries, then
what it carries by itself, since the official ``SSDNReply.xsd`` has a strict ``xs:any`` (bcss-primaweb §1.2).
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from lxml import etree

from hub.domain.messaging.errors import HubError

SSDN = "http://www.ksz-bcss.fgov.be/XSD/SSDN"
_INTF = "http://kszbcss.fgov.be/intf"

OWN: Mapping[str, str] = MappingProxyType(
    {
        f"{SSDN}/Service": "ssdn-service.xsd",
        f"{SSDN}/OCMW_CPAS/ManageAccess": "manage-access.xsd",
        f"{SSDN}/OCMW_CPAS/IdentifyPerson": "identify-person.xsd",
        f"{SSDN}/PensionRegister": "pensions.xsd",
        f"{_INTF}/RetrieveTIGroupsService/v2": "register.xsd",
        f"{_INTF}/Dolsis2011Service/v1": "employment.xsd",
        f"{_INTF}/SelfEmployedService/v2": "self-employed.xsd",
        f"{_INTF}/HandiService/v2": "handicap.xsd",
        f"{_INTF}/TaxAssessmentDataService/v2": "income.xsd",
        "urn:hub:bcss:bis:v1": "bis.xsd",
    }
)
"""Our contract of a namespace, in ``connectors/bcss``."""

OFFICIAL: Mapping[str, str] = MappingProxyType(
    {
        f"{SSDN}/Service": "SSDN/Service/NamespaceRoot.xsd",
        f"{SSDN}/OCMW_CPAS/ManageAccess": "SSDN/OCMW_CPAS/ManageAccess/NamespaceRoot.xsd",
        f"{SSDN}/OCMW_CPAS/IdentifyPerson": "SSDN/OCMW_CPAS/IdentifyPerson/NamespaceRoot.xsd",
        f"{SSDN}/PensionRegister": "SSDN/PensionRegister/OpenPK_ConsultReply.xsd",
        f"{_INTF}/RetrieveTIGroupsService/v2": (
            "RetrieveTIGroups_v2/be/fgov/kszbcss/intf/RetrieveTIGroupsService/RetrieveTIGroupsV2.wsdl"
        ),
        f"{_INTF}/Dolsis2011Service/v1": "Dolsis2011_v1/dolsis2011CBSS_subsetPSWC.wsdl",
        f"{_INTF}/SelfEmployedService/v2": "SelfEmployed_v2/SelfEmployedV2.wsdl",
        f"{_INTF}/HandiService/v2": "Handi_v2/be/fgov/kszbcss/intf/HandiService/HandiV2.wsdl",
        f"{_INTF}/TaxAssessmentDataService/v2": "TaxAssessmentData_v2/TaxAssessmentDataV2.wsdl",
    }
)
"""Where the official kit describes the same namespace: a schema, or a WSDL with one inside."""

_SCHEMA = "{http://www.w3.org/2001/XMLSchema}schema"
_PARSER = etree.XMLParser(no_network=True, resolve_entities=False)


class KitUnreadableError(HubError):
    """``HUB_BCSS__KIT`` names a folder that does not hold the official contracts."""


class ContractBrokenError(Exception):
    """A message breaks a contract; the text names rule and place, never a value."""


class Contracts:
    """Every contract in use, compiled once."""

    def __init__(self, own: Path, kit: Path | None = None) -> None:
        self._own, self._kit = own, kit

    @property
    def folder(self) -> Path:
        """Where our contracts lie."""
        return self._own

    @cached_property
    def _schemas(self) -> Mapping[str, tuple[etree.XMLSchema, ...]]:
        found = {space: [_compiled(self._own / file)] for space, file in OWN.items()}
        if self._kit is not None:
            for space, file in OFFICIAL.items():
                found[space].append(_official(self._kit / file))
        return {space: tuple(schemas) for space, schemas in found.items()}

    def load(self) -> None:
        """Compile every contract now.

        Raises:
            KitUnreadableError: the configured kit cannot be used.
        """
        _ = self._schemas

    def check(self, element: etree._Element) -> None:
        """Hold an element against every contract of its namespace.

        Raises:
            ContractBrokenError: it is not what the contract says, or no contract knows its namespace.
            KitUnreadableError: the configured kit cannot be used.
        """
        space = etree.QName(element).namespace or ""
        schemas = self._schemas.get(space)
        if schemas is None:
            raise ContractBrokenError(f"no contract knows {space or 'an element without namespace'}")
        for schema in schemas:
            if not schema.validate(element):
                raise ContractBrokenError(_said(schema))


def _compiled(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(file, _PARSER))


def _official(file: Path) -> etree.XMLSchema:
    try:
        if file.suffix != ".wsdl":
            return _compiled(file)
        inner = etree.parse(file, _PARSER).find(f"{{*}}types/{_SCHEMA}")
        if inner is None:
            raise KitUnreadableError(f"HUB_BCSS__KIT: {file} describes no elements")
        alone = etree.fromstring(etree.tostring(inner), _PARSER, base_url=str(file))
        return etree.XMLSchema(alone)
    except (OSError, etree.LxmlError) as error:
        raise KitUnreadableError(f"HUB_BCSS__KIT: {file} cannot be used; name the folder of the kit") from error


def _said(schema: etree.XMLSchema) -> str:
    entry = schema.error_log[0]
    return f"{str(entry.type_name).removeprefix('SCHEMAV_').lower()} at {entry.path or 'an unknown place'}"
