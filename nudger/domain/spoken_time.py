"""Times as people say them in a word or two: "2h", "tomorrow 9", "2 Wochen", "lundi"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
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
_MONTHS = (
    r"jan(?:uary|uar)?|janvier|enero|janeiro|gennaio|januari",
    r"feb(?:ruary|ruar)?|février|febrero|fevereiro|febbraio|februari",
    r"mar(?:ch|z)?|märz|mars|marzo|março|maart",
    r"apr(?:il)?|avril|abril|aprile",
    r"may|mai|mayo|maio|maggio|mei",
    r"june?|juni|juin|junio|junho|giugno",
    r"july?|juli|juillet|julio|julho|luglio",
    r"aug(?:ust)?|août|agosto|augustus",
    r"sept?(?:ember)?|septembre|septiembre|setembro|settembre",
    r"o[ck]t(?:ober)?|octobre|octubre|outubro|ottobre",
    r"nov(?:ember)?|novembre|noviembre|novembro",
    r"de[cz](?:ember)?|décembre|diciembre|dezembro|dicembre",
)
_MONTH = "|".join(_MONTHS)
_EACH_MONTH = tuple(re.compile(words) for words in _MONTHS)
_DATE = re.compile(
    rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|e|º)?\s(?:of |de |d')?(?P<month>{_MONTH})"
)
_DATE_BACKWARDS = re.compile(rf"(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?")
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


def read_pause(text: str, now: datetime, zone: ZoneInfo) -> timedelta | None:
    """How long from `now` (aware) a pause lasts, as in "2 weeks", "Monday" or "7 January": until the
    day begins in `zone`; `None` for what says neither."""
    lasting = read_duration(text)
    if lasting is not None:
        return lasting
    bare = _without_lead(" ".join(text.lower().split()))
    local = now.astimezone(zone)
    days, rest = _day(bare, local)
    day = local.date() + timedelta(days=days) if days is not None else _date(bare, local)
    if day is None or (days is not None and rest.strip()):
        return None
    begins = datetime.combine(day, time(0), zone)
    return begins - now if begins > now else None


def _date(bare: str, local: datetime) -> date | None:
    """The next date with this day and month: "7 January", "January 7th", "7. Januar"."""
    match = _DATE.fullmatch(bare) or _DATE_BACKWARDS.fullmatch(bare)
    if match is None:
        return None
    said = match["month"]
    month = next(n for n, words in enumerate(_EACH_MONTH, 1) if words.fullmatch(said))
    for year in (local.year, local.year + 1):
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:
            return None
        if day > local.date():
            return day
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
