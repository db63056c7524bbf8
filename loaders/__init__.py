"""Files to Tables: encodings, sheets, header synonyms, names, codes, regions; whatever can't be used is a reject, never lost."""

from loaders.reading import Loaded, Options, read

__all__ = ["Loaded", "Options", "read"]
