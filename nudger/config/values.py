"""What a value may be: checked here, and named in the configuration reference."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from nudger.domain.addresses import read_address
from nudger.domain.domains import clean_entry
from nudger.domain.watching import Watch
from nudger.domain.zones import known_zone

LONGEST_TITLE_WORD = 100
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def _known_zone(name: str) -> str:
    if known_zone(name) is None:
        raise ValueError('a time zone such as "Europe/Berlin" is expected')
    return name


def _full_web_address(value: str) -> str:
    if not is_web_address(value):
        raise ValueError('an address such as "https://example.com" is expected')
    return value


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_private_line(address: str) -> bool:
    """Whether nobody on the way reads along: by https, or on this machine."""
    parts = urlsplit(address)
    on_this_machine = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" or (parts.scheme == "http" and on_this_machine)


def is_web_address(value: str) -> bool:
    """Whether this is a whole address of a page, as a setting takes it."""
    return value.startswith(("https://", "http://")) and _names_a_host(value)


def _web_address(value: str) -> str:
    return _full_web_address(value).rstrip("/")


def _tenant_id(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError as error:
        raise ValueError("the directory's id is expected, a UUID as Entra shows it") from error


def _listen_address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError('a host and a port such as "127.0.0.1:8025" are expected')
    return value


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError(
            'an address or a network such as "172.17.0.1" or "172.16.0.0/12" is expected'
        ) from error


def _broker_address(value: str) -> str:
    if not value.startswith(("amqp://", "amqps://")):
        raise ValueError(
            'an address of RabbitMQ such as "amqps://nudger@mq.ourco.com/" is expected'
        )
    return value


def _mail_address(value: str) -> str:
    address = read_address(value)
    if address is None:
        raise ValueError('an address such as "nudger@ourco.com" is expected')
    return address


def as_named_today(watch: object) -> object:
    """What a configuration of an older version calls "all_outside"."""
    return Watch.EVERYBODY if watch == "all_outside" else watch


def _flat_title_words(given: object) -> object:
    """A list of words as it is; a table of lists, one a language, as one list."""
    if not isinstance(given, Mapping):
        return given
    for language, words in given.items():
        if not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            raise ValueError(f'a language such as "de" is expected before "=", not "{language}"')
        if not isinstance(words, list | tuple):
            raise ValueError(f"a list of words is expected for {language}")
    return [word for words in given.values() for word in words]


def _title_word(word: str) -> str:
    if not word.strip(" *") or len(word) > LONGEST_TITLE_WORD:
        raise ValueError(f"a word or phrase of at most {LONGEST_TITLE_WORD} letters is expected")
    return word.strip()


def _domain_or_address(entry: str) -> str:
    try:
        return clean_entry(entry)
    except ValueError as error:
        raise ValueError("a domain (acme.com) or an address (a@acme.com) is expected") from error


def _named(what: str) -> WithJsonSchema:
    """What the reference calls a text that is allowed."""
    return WithJsonSchema({"type": "string", "format": what})


Zone = Annotated[str, AfterValidator(_known_zone), _named("a time zone")]
WebAddress = Annotated[str, AfterValidator(_web_address), _named("a web address")]
ExactAddress = Annotated[str, AfterValidator(_full_web_address), _named("a web address")]
BrokerAddress = Annotated[str, AfterValidator(_broker_address), _named("RabbitMQ's address")]
TenantId = Annotated[str, AfterValidator(_tenant_id), _named("a UUID")]
ListenAddress = Annotated[str, AfterValidator(_listen_address), _named("a host and a port")]
Network = Annotated[str, AfterValidator(_network), _named("an address or a network")]
MailAddress = Annotated[str, AfterValidator(_mail_address), _named("a mail address")]
TitleWord = Annotated[str, AfterValidator(_title_word), _named("words")]
TitleWords = Annotated[tuple[TitleWord, ...], BeforeValidator(_flat_title_words)]
DomainOrAddress = Annotated[
    str, AfterValidator(_domain_or_address), _named("domains or mail addresses")
]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$"), _named("a language")]
Country = Annotated[
    str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"), _named("a country or one of its regions")
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
