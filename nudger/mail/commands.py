"""Commands in a reply: a word or two alone, in the languages that we know."""

from __future__ import annotations

from nudger.mail.message import Command
from nudger.mail.vocabulary import command_words

LONGEST = 80
MOST_WORDS_OF_AN_ARGUMENT = 4


def read_command(line: str) -> tuple[Command, str] | None:
    """The command that a line is, if it is one and nothing else, and the language it is in."""
    bare = line.strip().strip("\"'“”„«»*_<>").strip().lower()
    if not bare or len(bare) > LONGEST:
        return None
    for spelling in (bare, bare.rstrip(".!?,;: ")):
        for words in command_words():
            match = words.pattern.fullmatch(spelling)
            if match:
                found = [value for value in match.groupdict().values() if value]
                argument = found[0].strip().rstrip(".!,;") if found else None
                if argument and len(argument.split()) > MOST_WORDS_OF_AN_ARGUMENT:
                    continue
                return Command(words.name, argument), words.language
    return None
