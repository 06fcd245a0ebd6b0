"""docs/try-it.md, word for word: from nothing to the first answer in an event."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from typer.testing import CliRunner

from nudger.cli import app
from tests.waiting import PATIENCE, wait_for

PAGE = (Path(__file__).parents[2] / "docs" / "try-it.md").read_text()
ANA = quote("ana@ourco.example")
ANSWERS = {"meeting or private": "meeting", "time zone, as in Europe/Berlin": "Europe/Berlin"}


def documented(section):
    """The commands below a heading: the sandbox's, then the others."""
    text = re.search(rf"^## {section}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)[1]
    sandbox, *others = re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    return sandbox, others


@pytest.fixture
def terminal(tmp_path):
    """Starts a line as a shell in an empty folder does, where `nudger` is this program."""
    programs, folder = tmp_path / "bin", tmp_path / "trial"
    programs.mkdir()
    folder.mkdir()
    (programs / "nudger").write_text(f'#!/bin/sh\nexec {sys.executable} -m nudger "$@"\n')
    (programs / "nudger").chmod(0o755)
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "COLUMNS": "80"}
    env |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "NO_COLOR": "1", "TZ": "UTC"}

    def start(line, **more):
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **more}
        more = {"stderr": subprocess.STDOUT, **more}
        return subprocess.Popen(["/bin/sh", "-c", line], cwd=folder, env=env, text=True, **more)

    return start


@contextmanager
def until_ctrl_c(process, says):
    """The line with which it tells that it has begun; it ends well when it is told to."""
    try:
        yield next(line for line in process.stdout if says in line)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


def asked(terminal, line):
    """What a dialogue on a terminal says when the page's answers are typed."""
    ours, theirs = pty.openpty()
    process = terminal(line, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = ""
    while True:
        try:
            said += os.read(ours, 4096).decode()
        except OSError:  # the end, as Linux tells it
            break
        # A line may come in parts, and one of them end in a colon.
        prompt = said.rpartition("\n")[2]
        typed = "" if prompt.endswith("]: ") else ANSWERS.get(prompt.removesuffix(": "))
        if prompt.endswith(": ") and typed is not None:
            os.write(ours, f"{typed}\n".encode())
    os.close(ours)
    assert process.wait(PATIENCE) == 0, said
    return said.replace("\r", "")


@pytest.mark.timeout(1800)  # a guard against hanging on a busy machine, no measure
@pytest.mark.parametrize("provider", ["Google", "Microsoft"])
def test_the_page_leads_from_nothing_to_an_answer_in_the_event(terminal, provider):
    sandbox, (leads_there, init, doctor, look, run) = documented(provider)
    answer = re.search(r"^> (.+)$", PAGE, re.MULTILINE)[1]

    def told(line):
        done = terminal(f"{leads_there}; {line}")
        said = done.communicate(timeout=PATIENCE)[0]
        assert done.returncode == 0, said
        return said

    with until_ctrl_c(terminal(f"exec {sandbox} --port 0"), "runs at") as line:
        page = httpx.Client(base_url=re.search(r"http://[\d.:]+\d", line)[0], timeout=PATIENCE)
        dialogue = asked(terminal, f"{leads_there}; {init}")
        assert "5 questions" in dialogue
        questions = re.sub(r"\x1b\[\d*m", "", dialogue.partition("This is what you answered")[0])
        assert max(map(len, questions.splitlines())) <= 80
        checks = [one for one in told(doctor).splitlines() if not one.startswith(" ")]
        assert {one.split()[0] for one in checks} == {"ok"}
        assert "2 to ask about, 3 not." in told(look)
        with until_ctrl_c(terminal(f"{leads_there}; exec {run}"), "Nudger runs"):
            mails = re.compile(rf'href="(/inbox/{ANA}/[^"]+)"')
            question = wait_for(lambda: mails.search(page.get(f"/inbox/{ANA}").text))
            page.post(f"{question[1]}/reply", data={"text": answer})

            def is_written():
                calendar = page.get(f"/calendar/{ANA}").text
                events = set(re.findall(rf'href="(/calendar/{ANA}/[^"]+)"', calendar))
                return any(answer in page.get(f"{one}").text for one in events)

            wait_for(is_written)


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        file = str(tmp_path / "nudger.toml")
        refused = CliRunner().invoke(app, ["--config", file, "sandbox", "--port", port])
    assert (refused.exit_code, list(tmp_path.iterdir())) == (1, [])
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"error: Port {port} cannot be used (Address already in use")


@pytest.mark.parametrize("name", ["credentials.json", "nudger.toml"])
def test_an_installation_of_ones_own_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("{}")
    file = tmp_path / "nudger.toml"
    refused = CliRunner().invoke(app, ["--config", str(file), "sandbox", "--port", "0"])
    assert refused.exit_code == 1
    assert f"{tmp_path / name} is no sandbox's: begin in an empty folder." in refused.stderr
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "{}"
