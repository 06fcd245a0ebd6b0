"""Where a sentence ends, in our languages."""

from __future__ import annotations

_ABBREVIATED = (
    "Dr", "Dra", "Fam", "Fr", "Hr", "Ing", "Lic", "Mme", "Mr", "Mrs", "Ms", "No", "Nr", "Prof",
    "Sig", "Sr", "Sra", "St", "bzw", "ca", "dhr", "mevr",
)  # fmt: skip
NO_END = "".join(rf"(?<!\b{one})" for one in (*_ABBREVIATED, r"\d", r"\d\d"))
"""A pattern to stand before a full stop that ends a sentence: none after "Dr" or "15"; for use
with `re.IGNORECASE`."""
