"""Office files whose bytes depend on their content only: zip dates, order and compression fixed, properties set from the data date."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from viz.text import clean

_EPOCH = (1980, 1, 1, 0, 0, 0)


def settled(content: bytes) -> bytes:
    """The same office file with every zip entry dated 1980-01-01, in the order given, without traces of the system that wrote it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            new.writestr(entry, old.read(name), compresslevel=6)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """What a zip file holds, by name: equal where two files differ only in how they were packed.

    Raises
    ------
    zipfile.BadZipFile
        If it is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name) for name in held.namelist()}


def date_of(as_of: str) -> datetime:
    """The date of the data as files carry it; 2000-01-01 where there is none, so that nothing depends on the clock."""
    try:
        return datetime.fromisoformat(as_of).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001 - files carry a naive date


def set_properties(properties: Any, *, title: str, author: str, as_of: str) -> None:
    """Fills the core properties of a document of python-docx or python-pptx, all of them, from what is given."""
    when = date_of(as_of)
    properties.title, properties.author, properties.last_modified_by = clean(title)[:255], clean(author)[:255], clean(author)[:255]
    properties.created = properties.modified = when
    properties.revision, properties.comments, properties.keywords, properties.subject = 1, "", "", ""
    properties.category = properties.content_status = properties.identifier = properties.version = ""
    properties.language = "zh-CN"
