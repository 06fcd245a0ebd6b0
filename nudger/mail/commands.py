"""Commands in a reply: a few words, politeness and a reason around them, in our languages.

A sentence with an object of its own ("skip the demo and agree a pilot") is no command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from nudger.domain.clauses import is_clear_commitment
from nudger.mail.message import Command, CommandName
from nudger.mail.plain_form import bare
from nudger.mail.privacy import is_wish, mentions
from nudger.mail.visible import visible
from nudger.mail.vocabulary import all_of, command_words, whole

LONGEST = 160
LONGEST_COMMAND = 100
MOST_WORDS_OF_AN_ARGUMENT = 7
MOST_POLITE_WORDS = 4
MOST_CLAUSES = 5
MOST_WORDS_OF_A_REFUSAL = 14
COMMITS_FROM = 0.6
"""How sure the coach is of an answer that begins as a reason does."""
TAKES_ANY_REASON = frozenset(
    {CommandName.SKIP, CommandName.NOT_CUSTOMER, CommandName.HAND_OVER, CommandName.MUTE_SERIES}
)
_TIMED = frozenset({CommandName.LATER, CommandName.PAUSE})
_ENDS = ".!,;:?… \t-–—"
_ADDRESS = re.compile(r"[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,190}")
_CALL_BEFORE = re.compile(r"\A\W*+\w[.):]?\s+(?:[–—-]\s+)?")
_NAMED = re.compile(r"\(\?P<\w+>")


def read_command(text: str) -> tuple[Command, str] | None:
    """The command that a line or two are, and the language it is in; `None` for anything else."""
    plain = " ".join(bare(visible(text)).split())
    return _read(plain) if plain and len(plain) <= LONGEST else None


def _read(plain: str) -> tuple[Command, str] | None:
    found = _polite_command(plain) or _handed_over(plain) or _not_mine(plain)
    if found is not None:
        return found
    clauses = [one for one in _clause_ends().split(plain) if one and one.strip(_ENDS)]
    if not 2 <= len(clauses) <= MOST_CLAUSES:
        return None
    for at, clause in enumerate(clauses):
        found = _polite_command(clause)
        if found is not None:
            found = _with_argument(found, clauses[:at], clauses[at + 1 :])
            before, after = clauses[:at], clauses[at + 1 :]
            name = CommandName.PRIVATE if is_wish(clause) else found[0].name
            return found if _surround(name, before, after) else None
    return None


def _handed_over(plain: str) -> tuple[Command, str] | None:
    """Whom to ask instead, however it is put: "not mine, that is Kim: …", "ask Ben at …"."""
    addresses = _ADDRESS.findall(plain)
    if len(addresses) != 1 or not (_hands_over().search(plain) or _says_not_me(plain)):
        return None
    return Command(CommandName.HAND_OVER, addresses[0].rstrip(".,;:")), "en"


def _not_mine(plain: str) -> tuple[Command, str] | None:
    """ "Not me", without an address; whom to ask may be named beside it: "not mine, ask Ana"."""
    if len(plain.split()) > MOST_WORDS_OF_A_REFUSAL or "@" in plain or not _says_not_me(plain):
        return None
    others = [one for one in _clauses(plain) if not _not_me().fullmatch(one.strip(_ENDS))]
    beside = all(is_polite(one) or gives_reason(one) or _asks_somebody(one) for one in others)
    return (Command(CommandName.HAND_OVER), "en") if beside else None


def _says_not_me(plain: str) -> bool:
    """Whether one of its clauses says that somebody else is to be asked, and nothing else."""
    return any(_not_me().fullmatch(one.strip(_ENDS)) for one in _clauses(plain))


def hands_over(line: str) -> bool:
    """Whether a line says that somebody else is to be asked, and at which address, maybe behind
    the letter of a call; a signature holds addresses too."""
    plain = " ".join(bare(visible(line[:LONGEST])).split())
    if _ADDRESS.search(plain) is None:
        return False
    said = (plain, _CALL_BEFORE.sub("", plain))
    return any(_says_not_me(one) or _hands_over().search(one) for one in said)


def _asks_somebody(clause: str) -> bool:
    return len(clause.split()) <= MOST_WORDS_OF_AN_ARGUMENT and bool(_somebody().search(clause))


def _clauses(plain: str) -> list[str]:
    return [one for one in _clause_ends().split(plain) if one and one.strip(_ENDS)][:MOST_CLAUSES]


@cache
def _not_me() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:{all_of('polite')})\s++){{0,2}}(?:(?:{all_of('not_me_lead')})\s++)?"
        rf"(?:{all_of('not_me')})(?:\s++(?:{all_of('polite')}))?"
    )


@cache
def _somebody() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s)(?:{all_of('ask_them')}|{all_of('takes_it')})(?!\w)")


@cache
def _hands_over() -> re.Pattern[str]:
    """Who is not asked, or whom to ask, with few words between that and the address."""
    few, at = r"(?:[^\s@]{1,20}\s){0,4}", r"[<(\[]?[^\s@<>()]{1,64}@"
    alone, ask, takes = all_of("not_me"), all_of("ask_them"), all_of("takes_it")
    return re.compile(
        rf"(?:^|[,.;:!]\s)(?:[^\s@]{{1,20}}\s){{0,3}}?(?:{alone})[,.;:!–-]?\s(?:[^\s@]{{1,20}}\s){{0,6}}{at}"
        rf"|^(?:(?:{all_of('polite')})[,.!]?\s){{0,2}}(?:{ask})\s{few}{at}"
        rf"|^{few}{at}[^\s@]{{1,190}}\s(?:now\s)?(?:{takes})(?:\s\w{{1,20}}){{0,2}}[\s.!]*$"
        rf"|^(?:[^\s@]{{1,20}}\s){{1,3}}(?:{takes}|{all_of('taken_by')})[,.;:!–-]?\s{few}{at}"
    )


def _with_argument(
    found: tuple[Command, str], before: Sequence[str], after: Sequence[str]
) -> tuple[Command, str]:
    """The same command where another clause says its time: "not now, on Monday", "I am on leave
    until Monday, pause"."""
    if found[0].name not in _TIMED or found[0].argument is not None:
        return found
    again = [one for one in map(_polite_command, after) if one]
    later = next((one for one in again if one[0].name is found[0].name), None)
    if later is not None:
        return later
    times = [time for clause in after if (time := _argument(clause)) and is_time(time)]
    if found[0].name is CommandName.PAUSE:
        times += [time for clause in before if (time := _until(clause))]
    return (Command(found[0].name, times[0]), found[1]) if times else found


def _until(clause: str) -> str | None:
    """The time until which something lasts, where a clause tells it: "away until Monday then"."""
    match = _lasts_until().search(clause.strip(_ENDS))
    words = match[1].split()[:MOST_WORDS_OF_AN_ARGUMENT] if match else []
    for count in range(len(words), 0, -1):
        said = _argument(" ".join(words[:count]))
        if said and is_time(said):
            return said
    return None


def _surround(name: CommandName, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether what stands around a command is politeness or the reason for it."""
    free = name in TAKES_ANY_REASON
    if name is CommandName.PRIVATE:
        return all(map(is_polite, before)) and _only_says_why(after)
    return all(_goes_with(name, one) or _takes_back(one) for one in before) and all(
        free
        or _goes_with(name, one)
        or _polite_command(one)
        or (name in _TIMED and is_time(_argument(one) or "-"))
        for one in after
    )


def _goes_with(name: CommandName, clause: str) -> bool:
    """Whether a clause on either side of a command is politeness or its reason."""
    if is_polite(clause) or gives_reason(clause):
        return True
    return name in _TIMED and _says_where(clause)


def _says_where(clause: str) -> bool:
    """Whether a few words say where somebody is: "with a customer", "boarding now"."""
    words = clause.strip(_ENDS).split()
    start = _whereabouts().match(" ".join(words))
    return len(words) <= MOST_WORDS_OF_AN_ARGUMENT and start is not None


@cache
def _whereabouts() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('whereabouts')})(?!\w)", re.IGNORECASE)


def _only_says_why(clauses: Sequence[str]) -> bool:
    """Whether clauses behind the wish for privacy give its reason, so that none is an answer."""
    said = [one for one in clauses if not is_polite(one)]
    beside = all(says_no_more(one) or gives_reason(one) for one in said)
    return not said or (beside and any(map(says_no_more, said)))


def says_no_more(text: str) -> bool:
    """Whether a text beside the wish for privacy is courtesy or says why, and no answer."""
    return is_polite(text) or mentions(text) or _because().match(text.strip(_ENDS)) is not None


@cache
def _because() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('because')})(?!\w)", re.IGNORECASE)


def _takes_back(clause: str) -> bool:
    """Whether a clause only leads to a correction: "forget my last mail"."""
    return whole("correction").fullmatch(without_polite_end(clause.strip(_ENDS))) is not None


@cache
def _clause_ends() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\d)[.;!?](?=\s|$)|,(?=\s)|:(?=\s)|\n|\s[–—-]\s|\s(?=(?:{all_of('because')})\s)",
    )


def read_command_alone(text: str) -> tuple[Command, str] | None:
    """The same with politeness around it and no reason."""
    plain = " ".join(bare(visible(text)).split())
    return _polite_command(plain) if plain and len(plain) <= LONGEST else None


def is_polite(text: str) -> bool:
    """Whether a text is nothing but thanks, a greeting, an apology or the like."""
    left = text.strip(_ENDS)
    for _ in range(MOST_POLITE_WORDS):
        if not left:
            return True
        rest = without_polite_start(left)
        if rest == left:
            return False
        left = rest
    return not left


def gives_reason(text: str) -> bool:
    """Whether a clause begins as reasons do, "I am on holiday", "because …", and is no answer: "il
    cliente firma", where "il" begins reasons, too."""
    begins = _reason().match(text.strip(_ENDS + "(").lower()) is not None
    return begins and not is_clear_commitment(text, COMMITS_FROM)


@cache
def _reason() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('reason')}|{all_of('because')})(?![\w])", re.IGNORECASE)


@cache
def _polite_start() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('polite')}|{all_of('acknowledgement')})(?![\w'])[\s.!,;:?…–—-]*+",
        re.IGNORECASE,
    )


@cache
def _polite_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('polite')})[\s.!,;:?…–—-]*+", re.IGNORECASE)


def without_polite_start(text: str) -> str:
    """A text without the one polite word, or few, that it begins with."""
    match = _polite_start().match(text)
    return text[match.end() :].lstrip(_ENDS) if match else text


def without_polite_end(text: str) -> str:
    """Without the longest polite words at the end, of up to four."""
    words = text.split(" ")
    for count in range(min(MOST_POLITE_WORDS, len(words) - 1), 0, -1):
        if _polite_end().fullmatch(" ".join(words[-count:])):
            return " ".join(words[:-count]).rstrip(_ENDS)
    return text


def _polite_command(text: str) -> tuple[Command, str] | None:
    """A command with politeness before and behind it."""
    for start in _stripped(text.strip(), without_polite_start):
        for both in _stripped(start, without_polite_end):
            found = _whole_command(both)
            if found is not None:
                return found
    return None


def _stripped(text: str, strip: Callable[[str], str]) -> Iterator[str]:
    left = text
    for _ in range(MOST_POLITE_WORDS):
        yield left
        shorter = strip(left)
        if shorter == left or not shorter:
            return
        left = shorter


@cache
def _any_command() -> re.Pattern[str]:
    """Every command at once, to tell quickly that a text is none."""
    rows = dict.fromkeys(words.pattern.pattern for words in command_words())
    return re.compile("|".join(f"(?:{_NAMED.sub('(?:', row)})" for row in rows))


def _whole_command(text: str) -> tuple[Command, str] | None:
    """The command that a text is and nothing else."""
    if not text or len(text) > LONGEST_COMMAND:
        return None
    for spelling in dict.fromkeys((text, text.strip(_ENDS), text.strip(_ENDS + "()"))):
        if _any_command().fullmatch(spelling) is None:
            continue
        for words in command_words():
            match = words.pattern.fullmatch(spelling)
            if match is None:
                continue
            said = next((value for value in match.groupdict().values() if value), None)
            argument = _argument(said) if said else None
            if argument and words.name is CommandName.PAUSE:
                argument = _without_lead(argument)
            if words.name in _TIMED and argument and not is_time(argument):
                continue
            return Command(words.name, argument), words.language
    return None


def _without_lead(argument: str) -> str:
    left = argument[match.end() :] if (match := _leads_to_time().match(argument)) else argument
    article = _before_argument().match(left)
    return left[article.end() :] if article else left


def _argument(said: str) -> str | None:
    left = said.strip(" ,:").rstrip(".!,;?")
    for _ in range(MOST_POLITE_WORDS):
        shorter = without_polite_end(left)
        if shorter == left:
            break
        left = shorter
    article = _before_argument().match(left)
    return (left[article.end() :] if article else left) or None


@cache
def _leads_to_time() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('until')}|{all_of('lasting')})\s*")


@cache
def _lasts_until() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s)(?:{all_of('until')})\s*(\S.{{0,60}})$")


@cache
def _next_clause() -> re.Pattern[str]:
    return re.compile(rf",\s+(?!\d|(?:{all_of('at_time')}) )")


@cache
def _before_argument() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('before_argument')}) (?=\S)")


def is_time(argument: str) -> bool:
    """Whether a few words tell a time and nothing else: "in two hours", "until Monday"."""
    if _next_clause().search(argument):
        return False
    words = argument.replace(",", " ").split()
    told = [whole("time_word").fullmatch(word) is not None for word in words]
    joined = (whole("time_particle").fullmatch(word) is not None for word in words)
    is_short = len(words) <= MOST_WORDS_OF_AN_ARGUMENT
    return is_short and any(told) and all(map(any, zip(told, joined, strict=True)))
