"""What known libraries make of the same events. They neither judge nor store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from benchmarks.costs import cost_of

Make = Callable[[dict[str, Any]], Any]


def cpu_of_peers(provider: str, items: Sequence[dict[str, Any]]) -> dict[str, float]:
    """By the name of each library that is installed, seconds of CPU for making its objects."""
    name, made_by = {"google": ("gcsa", _gcsa), "microsoft": ("O365", _o365)}[provider]
    if find_spec(name) is None:
        return {}
    make = made_by()
    make(items[0])
    return {name: cost_of(lambda: [make(item) for item in items]).cpu}


def _gcsa() -> Make:
    from gcsa.serializers.event_serializer import EventSerializer  # noqa: PLC0415

    return lambda item: EventSerializer(item).get_object()


def _o365() -> Make:
    from O365 import MSGraphProtocol  # noqa: PLC0415
    from O365.calendar import Event  # noqa: PLC0415

    protocol = MSGraphProtocol()

    class Parent:
        """All that an event takes from the calendar that it is in."""

        con = None
        main_resource = ""

    Parent.protocol = protocol  # type: ignore[attr-defined]
    return lambda item: Event(parent=Parent(), **{Event._cloud_data_key: item})
