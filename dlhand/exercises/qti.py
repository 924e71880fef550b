"""A question bank as a content package of QTI 2.1: an item for each question, and a manifest.

An item asks for a number, accepts an interval, and has a feedback for each slip that it knows.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dlhand.exercises.bank import questions

if TYPE_CHECKING:
    from fractions import Fraction

    from dlhand.exercises.bank import Question
    from dlhand.exercises.sheets import Sheet

__all__ = ["item", "qti"]

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"
WHEN = (2000, 1, 1, 0, 0, 0)
"""Of the files of a package, so that the same questions make the same bytes."""


def qti(sheet: Sheet) -> bytes:
    """The steps of a sheet as a package: a ZIP file with a manifest."""
    found = {f"item-{k}": one for k, one in enumerate(questions(sheet), 1)}
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, one in found.items():
            package.writestr(ZipInfo(f"{name}.xml", WHEN), item(name, one))
        package.writestr(ZipInfo("imsmanifest.xml", WHEN), _manifest(list(found)))
    return out.getvalue()


def item(identifier: str, one: Question) -> str:
    """One question as an ``assessmentItem``."""
    node = Element(
        "assessmentItem",
        {
            "xmlns": QTI,
            "identifier": identifier,
            "title": one.name,
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    response = _declared(node, "responseDeclaration", "RESPONSE", "float")
    SubElement(SubElement(response, "correctResponse"), "value").text = f"{one.value:.12g}"
    score = _declared(node, "outcomeDeclaration", "SCORE", "float")
    SubElement(SubElement(score, "defaultValue"), "value").text = "0"
    _declared(node, "outcomeDeclaration", "FEEDBACK", "identifier")
    paragraph = SubElement(SubElement(node, "itemBody"), "p")
    paragraph.text = f"{one.plain} "
    SubElement(
        paragraph, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12"
    )
    processing = SubElement(SubElement(node, "responseProcessing"), "responseCondition")
    _case(processing, "responseIf", one.low, one.high, "SCORE", "float", "1")
    for k, wrong in enumerate(one.wrong, 1):
        case = (wrong.low, wrong.high, "FEEDBACK", "identifier", f"slip-{k}")
        _case(processing, "responseElseIf", *case)
    for k, wrong in enumerate(one.wrong, 1):
        told = {"identifier": f"slip-{k}", "outcomeIdentifier": "FEEDBACK", "showHide": "show"}
        SubElement(node, "modalFeedback", told).text = wrong.told
    return _written(node)


def _declared(node: Element, kind: str, identifier: str, base: str) -> Element:
    attributes = {"identifier": identifier, "cardinality": "single", "baseType": base}
    return SubElement(node, kind, attributes)


def _case(
    node: Element, kind: str, low: Fraction, high: Fraction, outcome: str, base: str, value: str
) -> None:
    """Where the response is in an interval, an outcome gets a value."""
    case = SubElement(node, kind)
    both = SubElement(case, "and")
    for name, bound in (("gte", low), ("lte", high)):
        compared = SubElement(both, name)
        SubElement(compared, "variable", identifier="RESPONSE")
        SubElement(compared, "baseValue", baseType="float").text = f"{float(bound):.15g}"
    given = SubElement(case, "setOutcomeValue", identifier=outcome)
    SubElement(given, "baseValue", baseType=base).text = value


def _manifest(names: list[str]) -> str:
    node = Element("manifest", {"xmlns": CONTENT, "identifier": "dlhand"})
    metadata = SubElement(node, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(node, "organizations")
    resources = SubElement(node, "resources")
    for name in names:
        attributes = {"identifier": name, "type": "imsqti_item_xmlv2p1", "href": f"{name}.xml"}
        SubElement(SubElement(resources, "resource", attributes), "file", href=f"{name}.xml")
    return _written(node)


def _written(node: Element) -> str:
    ElementTree.indent(node)
    body = ElementTree.tostring(node, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
