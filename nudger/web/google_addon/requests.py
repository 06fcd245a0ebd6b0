"""What Google sends: its event object, as far as we read it.

Source: https://developers.google.com/workspace/add-ons/concepts/event-objects. An event comes with
its ids alone: nothing that is shown or written is taken from here.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class _FromGoogle(BaseModel):
    """Google adds fields as it likes."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class StringInputs(_FromGoogle):
    value: tuple[str, ...] = ()


class FormInput(_FromGoogle):
    string_inputs: StringInputs = StringInputs()


class CommonEventObject(_FromGoogle):
    user_locale: str = ""
    parameters: Mapping[str, str] = Field(default_factory=dict)
    form_inputs: Mapping[str, FormInput] = Field(default_factory=dict)


class AuthorizationEventObject(_FromGoogle):
    user_id_token: str = Field(default="", repr=False)


class CalendarEventObject(_FromGoogle):
    """`id` is the occurrence's for a date of a series, and missing for what was never saved; it is
    one event's within the calendar alone."""

    id: str = Field(default="", max_length=1024)
    calendar_id: str = Field(default="", max_length=1024)


class AddonRequest(_FromGoogle):
    common_event_object: CommonEventObject = CommonEventObject()
    authorization_event_object: AuthorizationEventObject = AuthorizationEventObject()
    calendar: CalendarEventObject = CalendarEventObject()

    @property
    def locale(self) -> str:
        return self.common_event_object.user_locale

    def parameter(self, name: str) -> str:
        """What the card put into the button; empty where it did not."""
        return self.common_event_object.parameters.get(name, "")

    def typed(self) -> dict[str, str]:
        """The first value of each field; one that was left empty may be missing."""
        fields = self.common_event_object.form_inputs.items()
        return {name: next(iter(one.string_inputs.value), "") for name, one in fields}
