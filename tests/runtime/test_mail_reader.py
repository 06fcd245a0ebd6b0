"""The process that reads strangers' mails: it may die, and nothing else does."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading

import pytest

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.dkim_check import SignatureCheck
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.mime import MailRejected
from nudger.mail.reply import read_reply
from nudger.runtime.mail_reader import (
    OVER_THE_LIMIT,
    ReadingCutShort,
    ReadingFailed,
    ReadingProcess,
)
from tests.waiting import PATIENCE

MAIL = b"From: ana@ourco.com\r\nTo: n@ourco.com\r\n\r\nDana agrees to the pilot\r\n2\r\n"
ASKED = Asked((Milestone("First call"), Milestone("Decision")), (AskedMeeting(1, "ACME"),))

HOSTILE = """
import os, pickle, sys, time
from nudger.runtime import mail_reader_process as child

def dealt_with(name, *values):
    if b"sleep" in values[0]: time.sleep(600)
    if b"spin" in values[0]:
        while True: pass
    if b"memory" in values[0]: return len(bytearray(2 * 1024 ** 3))
    if b"die" in values[0]: os._exit(9)
    if b"depth" in values[0]: return dealt_with(name, *values)
    if b"fault" in values[0]: raise KeyError("ours")
    if b"file" in values[0]: open("/tmp/nudger-test-file", "w").write("x" * 10_000)
    if b"other" in values[0]: return os.system
    if b"wrong" in values[0]: return 1
    if b"secret" in values[0]: raise child.MailRejected(os.environ.get("NUDGER_KEY", "none"))
    return real(name, *values)

real, child._dealt_with = child._dealt_with, dealt_with
child.CPU_SECONDS = 1
child.main()
"""


@pytest.fixture(scope="module")
def hostile():
    reader = ReadingProcess([sys.executable, "-c", HOSTILE], seconds=PATIENCE)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def reader():
    reader = ReadingProcess()
    yield reader
    reader.close()


def test_a_reply_is_read_as_in_this_process(reader):
    inbound = reader.parse(MAIL)
    assert inbound.sender == "ana@ourco.com"
    reply = reader.read(inbound, ASKED)
    assert reply == read_reply(inbound, ASKED)
    assert reply.answers == {1: Answer("Dana agrees to the pilot", "Decision")}
    assert reader.check_signature(MAIL, "ourco.com") is SignatureCheck.NONE


def test_a_refused_mail_says_why(reader):
    for raw, reason in ((b"A: b\r\n" * 20_000, "header_size"), (b"x" * 10_000_001, "too_big")):
        with pytest.raises(MailRejected) as raised:
            reader.parse(raw)
        assert raised.value.reason == reason


@pytest.mark.skipif(sys.platform == "win32", reason="only the clock is limited there")
@pytest.mark.parametrize("attack", [b"spin", b"memory", b"depth"])
def test_what_goes_beyond_the_limits_is_refused_and_the_next_mail_is_read(hostile, attack):
    with pytest.raises(MailRejected) as raised:
        hostile.parse(attack)
    assert raised.value.reason == OVER_THE_LIMIT
    assert hostile.parse(MAIL).sender == "ana@ourco.com"


def test_what_takes_long_by_the_clock_is_ended_and_not_refused():
    """The machine may have stood still, or have let another program have the processor."""
    reader = ReadingProcess([sys.executable, "-c", HOSTILE], seconds=0.5)
    with pytest.raises(ReadingCutShort):
        reader.parse(b"sleep")
    reader.close()


def test_what_ends_the_process_is_not_refused_and_the_next_mail_is_read(hostile):
    with pytest.raises(ReadingCutShort):
        hostile.parse(b"die")
    assert hostile.parse(MAIL).sender == "ana@ourco.com"


def test_a_fault_of_ours_is_no_fault_of_the_mails(hostile):
    for attack, says in ((b"fault", "KeyError: 'ours'"), (b"wrong", "1"), (b"other", "system")):
        with pytest.raises(ReadingFailed, match=says):
            hostile.parse(attack)
    assert hostile.parse(MAIL).sender == "ana@ourco.com"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_the_process_writes_no_files_and_knows_no_secrets(hostile, monkeypatch):
    monkeypatch.setenv("NUDGER_KEY", "very secret")
    hostile.close()
    with pytest.raises((MailRejected, ReadingFailed)):
        hostile.parse(b"file")
    with pytest.raises(MailRejected, match="none"):
        hostile.parse(b"secret")


def test_a_process_that_does_not_start_refuses_no_mail():
    with pytest.raises(ReadingFailed, match="does not start"):
        ReadingProcess([sys.executable, "-c", "raise SystemExit(3)"]).parse(MAIL)


def test_a_killed_process_is_started_anew(reader):
    reader.parse(MAIL)
    os.kill(reader._process.pid, signal.SIGKILL)
    reader._process.wait()
    assert reader.parse(MAIL).sender == "ana@ourco.com"


def test_threads_take_turns(reader):
    found: dict[int, str | None] = {}

    def read(number: int) -> None:
        found[number] = reader.parse(b"From: a%d@b.co\r\n\r\nx" % number).sender

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: f"a{n}@b.co" for n in range(8)}


def test_only_known_classes_come_back():
    from nudger.runtime.mail_reader import _loads

    assert _loads(pickle.dumps(("done", Answer("x")))) == ("done", Answer("x"))
    with pytest.raises(pickle.UnpicklingError):
        _loads(pickle.dumps(os.system))
