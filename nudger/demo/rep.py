"""Playing the reps: what each answers to a question, in the ways that people do."""

from __future__ import annotations

import re

from nudger.demo.company import REPS
from nudger.demo.stage import Stage
from nudger.sandbox.entries import StoredMessage
from nudger.sandbox.people_pages import plain_text, reply_to

ANSWERS = {
    "ACME: pilot review": "C.O.: Dana, the CFO, agrees to join a 30-minute ROI review by Friday\n"
    "Next: Proposal meeting\nFallback: Joe agrees to send us the roll-out figures",
    "ACME weekly": "Joe agrees to name the ten pilot users by Thursday\n3",
    "First call with Globex": "Mia stays interested\n2",
    "Initech: demo for operations": "Sam agrees to let operations test the tenant for a week\n"
    "Needs analysis\nprivate",
    "Umbrella supplier day": "Kim agrees to introduce us to the head of procurement\n1",
    "Globex: security questions": "- Mia agrees to return the questionnaire by Wednesday\n- 3",
    "Coffee with Pat (consultant)": "Pat agrees to bring the buyer to our next coffee",
}


BETTER_ANSWERS = {
    "First call with Globex": "Mia agrees to a needs analysis with her team leads next week",
}


def lettered(text: str) -> dict[str, str]:
    """The calls that a digest asks about: letter -> title."""
    found = re.findall(r"^([A-Z])\. (.+)$", text, re.MULTILINE)
    return {letter: title.strip() for letter, title in found}


class PlayedReps:
    """Answers the question about each meeting once, as soon as it lies in an inbox, and once more
    where the coach asks back."""

    def __init__(self, stage: Stage) -> None:
        self._world = stage.server.world
        self._to_answer = [dict(ANSWERS), dict(BETTER_ANSWERS)]
        self._read: set[str] = set()
        self.replies = 0

    def answer_mails(self) -> int:
        """Answer what is new; returns how many replies were sent."""
        before = self.replies
        with self._world.lock:
            for rep, _ in REPS:
                for message in list(self._world.mailboxes.of(rep).values()):
                    self._answer(rep, message)
        return self.replies - before

    def _answer_digest(self, rep: str, message: StoredMessage, text: str) -> bool:
        """Answer all calls of a mail about several in one reply."""
        calls = lettered(text)
        if len(calls) < 2:
            return False
        lines = []
        for letter, shown in calls.items():
            known = ((a, title) for a in self._to_answer for title in a if title in shown)
            answers, title = next(known, ({}, ""))
            if title:
                lines.append(f"{letter}: {answers.pop(title)}")
        if lines:
            reply_to(self._world, rep, message, "\n".join(lines))
            self.replies += 1
        return True

    def _say_what_came_of(self, rep: str, message: StoredMessage, text: str) -> None:
        calls = lettered(text)
        said = "\n".join(f"{letter}: yes" for letter in calls) if len(calls) > 1 else "yes"
        reply_to(self._world, rep, message, said)
        self.replies += 1

    def _answer(self, rep: str, message: StoredMessage) -> None:
        if "SENT" in message.labels or message.id in self._read:
            return
        self._read.add(message.id)
        text = plain_text(message)
        if "Did they agree?" in text:
            self._say_what_came_of(rep, message, text)
            return
        if self._answer_digest(rep, message, text):
            return
        for answers in self._to_answer:
            title = next((title for title in answers if title in text), None)
            if title is not None:
                reply_to(self._world, rep, message, answers.pop(title))
                self.replies += 1
                return
