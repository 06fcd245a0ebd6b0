"""Graph's mailboxSettings, as far as they tell where and when somebody works.

Source: Graph v1.0 resources mailboxSettings and workingHours.
"""

from __future__ import annotations

from typing import Any

from nudger.sandbox.entries import Person
from nudger.sandbox.microsoft.answers import GraphAnswer, GraphCall, bad_request
from nudger.sandbox.microsoft.events import windows_zone
from nudger.sandbox.world import World


class GraphSettings:
    """Each method takes a `GraphCall` and returns a `GraphAnswer`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get(self, call: GraphCall) -> GraphAnswer:
        shown = _settings(self._world.people[call.owner])
        names = [name for name in call.query.get("$select", "").split(",") if name]
        unknown = [name for name in names if name not in shown]
        if unknown:
            raise bad_request(
                f"Could not find a property named '{unknown[0]}'.", "RequestBroker--Parse"
            )
        return GraphAnswer({name: shown[name] for name in names or shown})


def _settings(person: Person) -> dict[str, Any]:
    zone = person.outlook_zone or windows_zone(person.zone)
    week = person.week
    return {
        "automaticRepliesSetting": {"status": "disabled", "externalAudience": "all"},
        "timeZone": zone,
        "language": {"locale": "en-US", "displayName": "English (United States)"},
        "workingHours": {
            "daysOfWeek": list(week.days),
            "startTime": week.starts,
            "endTime": week.ends,
            "timeZone": {"name": week.zone or zone},
        },
        "userPurpose": {"value": "user"},
    }
