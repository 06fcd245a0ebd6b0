"""Times as people say them in a word or two: "2h", "tomorrow 9", "2 Wochen", "lundi"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_UNITS = {
    "minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1),
    "weeks": timedelta(weeks=1), "months": timedelta(days=30),
}  # fmt: skip
_UNIT_WORDS = {
    "minutes": r"m|min|mins|minutes?|minuten?|minutos?|minuti|minuut",
    "hours": r"h|hr|hrs|hours?|std|stunden?|heures?|horas?|ore|ora|uur|uren",
    "days": r"d|days?|tage?n?|jours?|días?|dias?|giorni|giorno|dagen?|dag",
    "weeks": r"w|wks?|weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|week",
    "months": r"months?|monate?n?|mois|meses|mês|mes|mesi|mese|maanden|maand",
}
_ONE = r"an?|one|eine?[nrs]?|une?|uno|una|um|uma|un|een|1"
_NUMBERS = {"two": 2, "zwei": 2, "deux": 2, "dos": 2, "dois": 2, "duas": 2, "due": 2, "twee": 2,
            "three": 3, "drei": 3, "trois": 3, "tres": 3, "três": 3, "tre": 3, "drie": 3}  # fmt: skip
_ORDINALS = {
    2: r"other|second|zweite[nrs]?|deux|dos|due|tweede|andere|duas|dois",
    3: r"third|dritte[nrs]?|trois|tres|tre|derde|três",
    4: r"fourth|vierte[nrs]?|quatre|cuatro|quattro|vierde|quatro",
    5: r"fifth|fünfte[nrs]?|cinq|cinco|cinque|vijfde",
    6: r"sixth",
}
_TOMORROW = r"tomorrow|morgen|demain|mañana|amanhã|domani"
_TODAY = r"today|heute|aujourd'hui|hoy|hoje|oggi|vandaag"
_NEXT_WEEK = (
    r"next week|nächste woche|la semaine prochaine|semaine prochaine|la próxima semana|"
    r"próxima semana|na próxima semana|la prossima settimana|prossima settimana|volgende week"
)
_WEEKDAYS = (
    r"mon(?:day)?|montag|lundi|lunes|segunda(?:-feira)?|lunedì|maandag",
    r"tue(?:s(?:day)?)?|dienstag|mardi|martes|terça(?:-feira)?|martedì|dinsdag",
    r"wed(?:nesday)?|mittwoch|mercredi|miércoles|quarta(?:-feira)?|mercoledì|woensdag",
    r"thu(?:rs(?:day)?)?|donnerstag|jeudi|jueves|quinta(?:-feira)?|giovedì|donderdag",
    r"fri(?:day)?|freitag|vendredi|viernes|sexta(?:-feira)?|venerdì|vrijdag",
)
_CLOCK = re.compile(
    r"(?:at |um |à |a las |às |alle |om )?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|uhr|h)?"
)
_LEADS = re.compile(
    r"(?:in |for |für |dans |pendant |en |por |em |tra |per |over |voor |until |bis |on |am |le |el |na |il |op )*+"
)
_DURATIONS = {
    name: re.compile(rf"(\d{{1,3}}|{_ONE}|{'|'.join(_NUMBERS)})\s*+(?:{words})")
    for name, words in _UNIT_WORDS.items()
}
_EVERY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|e|\.)?")
_ORDINAL_WORDS = {number: re.compile(words) for number, words in _ORDINALS.items()}
_IS_TOMORROW = re.compile(rf"(?:{_TOMORROW})(?!\w)")
_IS_TODAY = re.compile(rf"(?:{_TODAY})(?!\w)")
_IN_NEXT_WEEK = re.compile(rf"(?:{_NEXT_WEEK})(?!\w)")
_ON_WEEKDAY = tuple(
    re.compile(rf"(?:next |nächsten? |prochain )?(?:{words})(?!\w)") for words in _WEEKDAYS
)


def read_duration(text: str) -> timedelta | None:
    """As in "2 weeks" or "3 Tage"; `None` for what is no duration."""
    bare = _without_lead(text.strip().lower())
    for name, pattern in _DURATIONS.items():
        match = pattern.fullmatch(bare)
        if match:
            count = int(match[1]) if match[1].isdigit() else _NUMBERS.get(match[1], 1)
            return _UNITS[name] * count
    return None


def read_every(text: str) -> int | None:
    """As in "2nd", "second" or "other": 2; `None` for what says no number of two or more."""
    bare = text.strip().lower()
    digits = _EVERY.fullmatch(bare)
    if digits:
        return int(digits[1]) if int(digits[1]) > 1 else None
    return next((n for n, words in _ORDINAL_WORDS.items() if words.fullmatch(bare)), None)


def read_moment(text: str, now: datetime, zone: ZoneInfo, morning: time) -> datetime | None:
    """A moment after `now`, as in "tomorrow 9" or "in 2 hours", in UTC; `None` for anything else.

    A day without an hour means its `morning`.
    """
    bare = _without_lead(" ".join(text.lower().split()))
    duration = read_duration(bare)
    if duration is not None:
        return (now + duration).astimezone(UTC)
    local = now.astimezone(zone)
    days, rest = _day(bare, local)
    clock = _CLOCK.fullmatch(rest.strip()) if rest.strip() else None
    if rest.strip() and clock is None:
        return None
    if days is None and clock is None:
        return None
    at = _time(clock, morning)
    if at is None:
        return None
    moment = datetime.combine(local.date() + timedelta(days=days or 0), at, zone)
    if moment <= now and days is None:
        moment += timedelta(days=1)
    return moment.astimezone(UTC) if moment > now else None


def _without_lead(bare: str) -> str:
    lead = _LEADS.match(bare)
    return bare[lead.end() :] if lead else bare


def _day(bare: str, local: datetime) -> tuple[int | None, str]:
    """Days from today, and what is left of the text."""
    away = ((_IS_TOMORROW, 1), (_IS_TODAY, 0), (_IN_NEXT_WEEK, 7 - local.weekday()))
    for words, days in away:
        match = words.match(bare)
        if match:
            return days, bare[match.end() :]
    for weekday, words in enumerate(_ON_WEEKDAY):
        match = words.match(bare)
        if match:
            return (weekday - local.weekday() - 1) % 7 + 1, bare[match.end() :]
    return None, bare


def _time(clock: re.Match[str] | None, morning: time) -> time | None:
    if clock is None:
        return morning
    hour, minute = int(clock[1]), int(clock[2] or 0)
    if clock[3] == "pm" and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
