"""`nudger read-reply`: what is read in a mail, about one call or about each of a digest."""

from __future__ import annotations

import json

CALLS = [
    {"label": "A", "title": "ACME: pilot", "customer": "acme.example", "guests": ["Dana Reyes"]},
    {"label": "B", "title": "Globex: legal", "customer": "globex.example", "guests": []},
]


def read(nudger, tmp_path, text, *options):
    file = tmp_path / "reply.txt"
    file.write_text(text, encoding="utf-8")
    result = nudger("read-reply", "--text", "--json", *options, str(file))
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_one_call(nudger, tmp_path):
    shown = read(nudger, tmp_path, "Dana signs\noffer", "--milestones", "First call;Proposal|Offer")
    assert (shown["commitment_objective"], shown["next_milestone"]) == ("Dana signs", "Proposal")
    assert "calls" not in shown


def test_each_call_of_a_digest(nudger, tmp_path):
    calls = tmp_path / "calls.json"
    calls.write_text(json.dumps(CALLS), encoding="utf-8")
    shown = read(nudger, tmp_path, "Dana signs the pilot", "--meetings", str(calls))["calls"]
    assert shown["A"]["commitment_objective"] == "Dana signs the pilot"
    assert shown["A"]["doubtful"]
    assert shown["B"]["disposition"] is None
    shown = read(nudger, tmp_path, "A: tbd\nB: skip", "--meetings", str(calls))["calls"]
    assert shown["A"]["disposition"] == "unclear"
    assert shown["B"]["command"] == {"name": "skip", "argument": None}


def test_a_file_that_lists_no_calls_is_refused(nudger, tmp_path):
    calls = tmp_path / "calls.json"
    calls.write_text("[1]", encoding="utf-8")
    result = nudger("read-reply", "--meetings", str(calls), str(calls))
    assert result.exit_code == 1
    assert "no JSON list of calls" in result.stderr
