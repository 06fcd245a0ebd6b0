"""Our mails, one module a kind. To add one: its member in `MailKind`, its module, its templates."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from nudger.domain.mails import MailKind
from nudger.mail.kind import AnyKind


def _found() -> Mapping[MailKind, AnyKind]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: dict[MailKind, AnyKind] = {module.KIND.name: module.KIND for module in modules}
    return {name: found[name] for name in MailKind}


KINDS = _found()
