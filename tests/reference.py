"""`make reference`: the tables of docs/configuration.md, from the settings' own descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel

from nudger.config import Settings
from nudger.config.sections.section import section_in

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
BEGIN = "<!-- Written by `make reference` from nudger/config: change it there. -->\n"
END = "<!-- End of what `make reference` writes. -->\n"
_HEAD = "| Key | Default | Allowed | Meaning |\n|---|---|---|---|\n"
_FORMATS = {"path": "a path", "time": "a time", "date": "dates"}
Model = type[BaseModel]
Schema = dict[str, Any]


class Section(NamedTuple):
    """A table of nudger.toml: how it begins, and what it is for."""

    heading: str
    meaning: str


def main() -> None:
    """Write the tables into the page."""
    PAGE.write_text(with_reference(PAGE.read_text()))


def with_reference(page: str) -> str:
    """The page with the tables as they are now. Raises `ValueError` without both marker lines."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{BEGIN.strip()} and {END.strip()} are expected in the page")
    return f"{before}{BEGIN}\n{reference(Settings)}\n{END}{after}"


def reference(settings: Model) -> str:
    """The keys outside of all sections, then each section once, in the order of the models."""
    sections: dict[Model, Section] = {}
    for model, section in _sections(settings, ""):
        sections.setdefault(model, section)
    own = [key for key, one in settings.model_fields.items() if not section_in(one.annotation)]
    parts = [_table(settings, own, sections)]
    for model, section in sections.items():
        table = _table(model, list(model.model_fields), sections)
        parts.append(f"### `{section.heading}`\n\n{section.meaning}\n\n{table}")
    return "\n".join(parts)


def _sections(model: Model, within: str) -> Iterator[tuple[Model, Section]]:
    for key, field in model.model_fields.items():
        section = section_in(field.annotation)
        if section is not None:
            path = f"{within}{key}"
            heading = f"[[{path}]]" if get_origin(field.annotation) is tuple else f"[{path}]"
            yield section, Section(heading, field.description or "")
            yield from _sections(section, f"{path}.")


def _table(model: Model, keys: list[str], sections: dict[Model, Section]) -> str:
    schema = model.model_json_schema()
    rows = []
    for key in keys:
        field, described = model.model_fields[key], schema["properties"][key]
        section = section_in(field.annotation)
        if section is not None:
            default, allowed = "none", f"as in `{sections[section].heading}`"
        else:
            default = _default(described, key in schema.get("required", ()))
            allowed = _allowed(described, schema.get("$defs", {}))
        rows.append(f"| `{key}` | {default} | {allowed} | {described['description']} |\n")
    return _HEAD + "".join(rows)


def _default(described: Schema, is_required: bool) -> str:
    if is_required:
        return "none: you choose"
    value = described["default"]
    if value in (None, "", []):
        return "none"
    if described.get("format") == "time":
        value = value.removesuffix(":00")
    return f"`{json.dumps(value)}`"


def _allowed(described: Schema, kinds: Schema) -> str:
    match described:
        case {"anyOf": [*choices]}:
            return " or ".join(_allowed(one, kinds) for one in choices if one["type"] != "null")
        case {"$ref": str(kind)}:
            return _allowed(kinds[kind.rpartition("/")[2]], kinds)
        case {"enum": [*values]}:
            return ", ".join(f"`{json.dumps(value)}`" for value in values)
        case {"type": "boolean"}:
            return "`true`, `false`"
        case {"type": "integer" | "number"}:
            return _range(described)
        case {"type": "array", "items": item}:
            return f"a list: {_allowed(item, kinds)}"
        case {"type": "string", "format": str(form)}:
            return _FORMATS.get(form, form)
        case {"type": "string", "maxLength": int(longest)}:
            return f"text, {longest} letters at most"
        case {"type": "string"}:
            return "text"
    raise ValueError(f"the reference has no words for {described}")


def _range(described: Schema) -> str:
    if "exclusiveMinimum" in described:
        return f"more than {described['exclusiveMinimum']:g}, up to {described['maximum']:g}"
    return f"{described['minimum']} to {described['maximum']}"


if __name__ == "__main__":
    main()
