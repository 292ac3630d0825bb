"""Small documents of every format, made for the tests."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive of these files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx_of(*paragraphs: tuple[str, str], title: str = "", rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document of paragraphs, each a style and its words, and of a table."""
    import docx

    document = docx.Document()
    for style, words in paragraphs:
        document.add_paragraph(words, style=style)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    document.core_properties.title = title
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


_ODT = "application/vnd.oasis.opendocument.text"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def odt_of(body: str, meta: str = "", *, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text with this body (text:p, text:h, ...) and these data (dc:title, ...)."""
    names = (
        f'xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0" xmlns:table="{_OFFICE}:table:1.0" '
        f'xmlns:meta="{_OFFICE}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return zipped(
        {
            "mimetype": _ODT,
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {names}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def epub_of(
    chapters: Mapping[str, str], *, title: str = "A Book", language: str = "en", date: str = "1999-12-31"
) -> bytes:
    """An EPUB of chapters, each the body of its XHTML."""
    items = "".join(
        f'<item id="c{i}" href="{name}" media-type="application/xhtml+xml"/>' for i, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{title}</dc:title><dc:language>{language}</dc:language><dc:date>{date}</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": package,
            **{f"OPS/{name}": f"<html><body>{body}</body></html>" for name, body in chapters.items()},
        }
    )


def pdf_of(pages: Sequence[Sequence[tuple[float, float, float, str]]], *, about: str = "", trailer: str = "") -> bytes:
    """A PDF of pages, each of lines: left and bottom in points, the letters' size, the words (Latin-1)."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {about} >>",
    ]
    for i, lines in enumerate(pages):
        drawn = "\n".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(words)}) Tj ET" for x, y, size, words in lines)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {6 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode("latin-1")


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
