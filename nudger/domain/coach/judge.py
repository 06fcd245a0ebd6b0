"""Which kind a sentence is, and how sure that is: a linear model over `features`.

The weights are trained by `make coach` from labelled sentences and shipped with the program;
docs/coach-model.md says from which, how well it does and what it must not be used for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nudger.domain.coach.kinds import KINDS, Kind
from nudger.domain.coach.linear import LinearModel

WEIGHTS = "judge.weights.gz"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`probabilities` are in the order of `KINDS` and add up to 1."""

    kind: Kind
    probabilities: tuple[float, ...]

    @property
    def probability(self) -> float:
        """How likely `kind` is right."""
        return max(self.probabilities)


class Model(LinearModel):
    """The judge of whole sentences."""

    __slots__ = ()

    def judge(self, text: str) -> Judgement:
        """Never raises; takes about a millisecond for a long sentence."""
        probabilities = self.probabilities(text)
        return Judgement(KINDS[probabilities.index(max(probabilities))], probabilities)


@cache
def model() -> Model:
    """The shipped model, read once."""
    content = (files("nudger.domain") / "data" / "coach" / WEIGHTS).read_bytes()
    return Model.unpacked(content, len(KINDS))


def is_commitment(text: str, least: float) -> bool:
    """Whether a commitment is the likeliest kind, and as likely as `least`."""
    judged = model().judge(text)
    return judged.kind is Kind.COMMITMENT and judged.probability >= least
