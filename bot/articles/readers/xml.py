"""XML, parsed so that it neither grows nor fetches anything."""

from typing import TYPE_CHECKING

from bot.errors import ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element


def parsed_xml(data: bytes, name: str, what: str) -> "_Element":
    """The root of an XML document; entities that it defines stay unexpanded.

    Raises ReadingError that calls the document `name` and says that it is no sound `what`.
    """
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root: _Element = fromstring(data, parser)
    except (XMLSyntaxError, ValueError) as error:
        raise ReadingError(f"{name}: is not a sound {what} file; save or download it again") from error
    refuse_entities(root, name)
    return root


def refuse_entities(root: "_Element", name: str) -> None:
    """Raise ReadingError for a document that defines entities."""
    definitions = root.getroottree().docinfo.internalDTD
    if definitions is not None and definitions.entities():
        raise ReadingError(f"{name}: defines entities of its own, which can be made to fill the memory; it is not read")
