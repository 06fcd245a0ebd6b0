"""Every target by its name."""

from __future__ import annotations

from tests.fuzz.targets import calendars, mail, note, reply

TARGETS = {
    one.name: one for one in (*mail.TARGETS, *reply.TARGETS, *note.TARGETS, *calendars.TARGETS)
}
