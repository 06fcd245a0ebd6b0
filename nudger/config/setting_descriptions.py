"""Each single setting: what it is for, what it may be, and what may be shown and changed of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from nudger.config.sections.section import section_in
from nudger.config.settings import Settings

Schema = Mapping[str, Any]

_BY_FILE_ALONE = ("console", "crm", "google_addon", "web")
"""Sections that say who signs in, and who is given what."""
_KEYS_BY_FILE_ALONE = frozenset({
    "mode", "database", "key", "key_command", "google.directory_admin", "google.sign_as",
    "microsoft.out_of_reach",
})  # fmt: skip
_FORMATS_BY_FILE_ALONE = frozenset({"path", "a web address"})
"""Where secrets are and whom they are sent to: whoever can change that can have them."""
_TOLD_FORMATS = frozenset({"time", "date", "a time zone", "a language"})
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """A setting. `path` leads to it in nudger.toml, `meaning` is its description."""

    path: tuple[str, ...]
    meaning: str
    default: Any
    is_required: bool
    is_secret: bool
    schema: Schema

    @property
    def name(self) -> str:
        """As in "ask.day_starts"."""
        return ".".join(self.path)

    @property
    def section(self) -> str:
        """The table that it stands in, as in "ask"; empty for none."""
        return ".".join(self.path[:-1])

    @property
    def is_changed_by_file_alone(self) -> bool:
        """Whether only who can write the file may change it: it says where secrets are, who is
        given them, or who signs in."""
        return (
            self.is_secret
            or self.path[0] in _BY_FILE_ALONE
            or self.name in _KEYS_BY_FILE_ALONE
            or any(one.get("format") in _FORMATS_BY_FILE_ALONE for one in self._kinds())
        )

    @property
    def is_told(self) -> bool:
        """Whether the audit trail may hold its values: they are no address and no words."""
        return not self.is_secret and all(
            one.get("type") in ("boolean", "integer", "number", "null")
            or "enum" in one
            or one.get("format") in _TOLD_FORMATS
            for one in self._kinds()
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """All values that are allowed, where they can be counted."""
        kinds = [one for one in self._kinds() if one.get("type") != "null"]
        if self.is_list or len(kinds) != 1:
            return ()
        if kinds[0].get("type") == "boolean":
            return "true", "false"
        return tuple(str(one) for one in kinds[0].get("enum", ()))

    @property
    def is_list(self) -> bool:
        return any(one.get("type") == "array" for one in self._options())

    def plain(self, value: Any) -> Any:
        """A value of JSON as people write it: times without seconds that are none."""
        is_time = any(one.get("format") == "time" for one in self._kinds())
        return value.removesuffix(":00") if is_time and len(value) > len("09:00") else value

    def shown(self, value: Any) -> str:
        """A value as it is typed: a line each of a list, empty for none."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list | tuple):
            return "\n".join(str(one) for one in value)
        return str(value)

    def written(self, value: Any) -> str:
        """A value as it stands in nudger.toml; "none" for none."""
        return "none" if value in (None, []) else json.dumps(value, ensure_ascii=False)

    def typed(self, text: str) -> Any:
        """What was typed as a value for nudger.toml; `None` for nothing, where the default counts.
        Whether it is allowed is for the settings to say."""
        wanted = text.strip()
        if not wanted:
            return None
        if self.is_list:
            return [line.strip() for line in wanted.splitlines() if line.strip()]
        if wanted in ("true", "false") and self.choices[:1] == ("true",):
            return wanted == "true"
        return self._number(wanted)

    def _number(self, text: str) -> int | float | str:
        types = {one.get("type") for one in self._kinds()}
        for kind, read in (("integer", int), ("number", int), ("number", float)):
            if kind in types and text.isascii() and len(text) < _LONGEST_NUMBER:
                try:
                    return read(text)
                except ValueError:
                    continue
        return text

    def _options(self) -> Sequence[Schema]:
        options: Sequence[Schema] = self.schema.get("anyOf", (self.schema,))
        return options

    def _kinds(self) -> Iterator[Schema]:
        """Of each option, or of what its list holds."""
        for one in self._options():
            yield one.get("items", one)


@cache
def every_setting() -> Mapping[str, SettingDescription]:
    """Each by its name, in the order of the reference; the tables that may stand in the file many
    times are none."""
    own = [key for key in _settings(Settings, ()) if not key.section]
    others = [key for key in _settings(Settings, ()) if key.section]
    return {key.name: key for key in (*own, *others)}


def _settings(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[SettingDescription]:
    schema = model.model_json_schema()
    for name, field in model.model_fields.items():
        path, kind = (*above, name), field.annotation
        if section_in(kind) is not None:
            if isinstance(kind, type):
                yield from _settings(kind, path)
            continue
        described = _resolved(schema["properties"][name], schema.get("$defs", {}))
        yield SettingDescription(
            path,
            field.description or "",
            described.get("default"),
            field.is_required(),
            not field.repr,
            described,
        )


def _resolved(described: Any, kinds: Mapping[str, Schema]) -> Any:
    """The schema with what it refers to in place."""
    if isinstance(described, list):
        return [_resolved(one, kinds) for one in described]
    if not isinstance(described, dict):
        return described
    if "$ref" in described:
        rest = {name: value for name, value in described.items() if name != "$ref"}
        return {**kinds[described["$ref"].rpartition("/")[2]], **rest}
    return {name: _resolved(value, kinds) for name, value in described.items()}
