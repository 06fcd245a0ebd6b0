"""What reps write, by hand: the words, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """`text` are the words, `kept` what of them is the rep's own (all, where empty)."""

    text: str
    commitment_objective: str | None = None
    next_milestone: str | None = None
    fallback: str | None = None
    private: bool = False
    command: str | None = None
    argument: str | None = None
    disposition: str = "answer"
    kept: str = ""


A, C, E = "answer", "command", "empty"
DANA = "Dana agrees to join a ROI review by Friday"
SHAPES = (
    Shape(DANA, DANA),
    Shape(f"{DANA}\n2", DANA, "Needs analysis"),
    Shape(f"{DANA}.\nNeeds analysis", f"{DANA}.", "Needs analysis"),
    Shape(f"{DANA}\nneeds analisys", DANA, "Needs analysis"),
    Shape(f"{DANA}\n#3", DANA, "Decision"),
    Shape(f"{DANA}\nLegal review", DANA),
    Shape(f"C.O.: {DANA}\nNext: 2", DANA, "Needs analysis"),
    Shape(f"CO: {DANA}\nNM: 3", DANA, "Decision"),
    Shape(f"C.O. = {DANA}\nMilestone = Decision", DANA, "Decision"),
    Shape(f"co - {DANA}\nnext - 2", DANA, "Needs analysis"),
    Shape(f"Objective: {DANA}\nNext step: Decision", DANA, "Decision"),
    Shape(f"Commitment: {DANA}\nNext milestone: 1", DANA, "First call"),
    Shape(f"Commitment Objective:\n{DANA}\nNext milestone:\nDecision", DANA, "Decision"),
    Shape(f"C.O.: {DANA}\nFallback: Joe sends the figures\nNext: 2", DANA, "Needs analysis", "Joe sends the figures"),
    Shape(f"C.O.: {DANA}\nPlan B: Joe sends the figures", DANA, None, "Joe sends the figures"),
    Shape(f"- {DANA}\n- 2", DANA, "Needs analysis"),
    Shape(f"1. {DANA}\n2. Decision", DANA, "Decision"),
    Shape(f"* C.O.: {DANA}\n* Next: 3", DANA, "Decision"),
    Shape(f"CO: {DANA}. Next: 2", DANA, "Needs analysis"),
    Shape(f"CO: {DANA}; next: Decision; fallback: a call", DANA, "Decision", "a call"),
    Shape("Get Dana to sign off the pilot, next step is legal review", "Get Dana to sign off the pilot", "legal review"),
    Shape(f"{DANA}, next milestone: 3", DANA, "Decision"),
    Shape(f"{DANA} -> Decision", DANA, "Decision"),
    Shape(f"{DANA} (milestone 2)", DANA, "Needs analysis"),
    Shape(f"{DANA}, Decision", DANA, "Decision"),
    Shape("Next: Decision", None, "Decision"),
    Shape("3", None, "Decision"),
    Shape("Needs analysis", None, "Needs analysis"),
    Shape("Fallback: a second call with Joe", None, None, "a second call with Joe"),
    Shape(f"Hi,\n\n{DANA}\n\n2\n\nBest regards,\nAna Weber\nSales, OurCo", DANA, "Needs analysis", kept=f"Hi,\n\n{DANA}\n\n2"),
    Shape(f"Hello Nudger,\n{DANA}\n2\n\nThanks\nAna", DANA, "Needs analysis", kept=f"Hello Nudger,\n{DANA}\n2"),
    Shape(f"{DANA}\n2\n\nAna", DANA, "Needs analysis", kept=f"{DANA}\n2"),
    Shape(f"{DANA}\n\n-- \nAna Weber | Account Executive\n+49 30 123456", DANA, kept=DANA),
    Shape(f"{DANA}\n3\n\nMit freundlichen Grüßen\nAna Weber", DANA, "Decision", kept=f"{DANA}\n3"),
    Shape(f"{DANA}\nprivate", DANA, None, private=True),
    Shape(f"{DANA}\n2\nprivat", DANA, "Needs analysis", private=True),
    Shape("Dana, the CFO, agrees to join the technical review of our pilot with the whole\nteam before Christmas\n2",
          "Dana, the CFO, agrees to join the technical review of our pilot with the whole team before Christmas", "Needs analysis"),
    Shape("Skip the demo and agree a pilot", "Skip the demo and agree a pilot"),
    Shape("Stop using the old tool and start a pilot with us", "Stop using the old tool and start a pilot with us"),
    Shape("Dana will help us with the board", "Dana will help us with the board"),
    Shape("Later this week Dana signs the NDA", "Later this week Dana signs the NDA"),
    Shape("Zusage: Dana stimmt einem Pilot bis Freitag zu\nNächster Meilenstein: 2", "Dana stimmt einem Pilot bis Freitag zu", "Needs analysis"),
    Shape("Dana stimmt einem Pilot zu, nächster Schritt ist Vertragsprüfung", "Dana stimmt einem Pilot zu", "Vertragsprüfung"),
    Shape("Engagement : Dana accepte un pilote\nProchaine étape : 3", "Dana accepte un pilote", "Decision"),
    Shape("Compromiso: Dana acepta un piloto\nPróximo hito: 2", "Dana acepta un piloto", "Needs analysis"),
    Shape("Compromisso: Dana aceita um piloto\nPróximo marco: 2", "Dana aceita um piloto", "Needs analysis"),
    Shape("Impegno: Dana accetta un pilota\nProssima tappa: 2", "Dana accetta un pilota", "Needs analysis"),
    Shape("Toezegging: Dana gaat akkoord met een proef\nVolgende mijlpaal: 2", "Dana gaat akkoord met een proef", "Needs analysis"),
    Shape("skip", command="skip", disposition=C),
    Shape("Skip.", command="skip", disposition=C),
    Shape("SKIP!\n\nThanks\nAna", command="skip", disposition=C, kept="SKIP!"),
    Shape("not a customer meeting", command="not_customer", disposition=C),
    Shape("later", command="later", disposition=C),
    Shape("Later 2h", command="later", argument="2h", disposition=C),
    Shape("later tomorrow 9", command="later", argument="tomorrow 9", disposition=C),
    Shape("pause 2 weeks", command="pause", argument="2 weeks", disposition=C),
    Shape("Stop", command="stop", disposition=C),
    Shape("start", command="start", disposition=C),
    Shape("mute series", command="mute_series", disposition=C),
    Shape("not me, ask ben@ourco.example", command="hand_over", argument="ben@ourco.example", disposition=C),
    Shape("private", command="private", disposition=C),
    Shape("undo", command="undo", disposition=C),
    Shape("help?", command="help", disposition=C),
    Shape("Überspringen", command="skip", disposition=C),
    Shape("kein Kunde", command="not_customer", disposition=C),
    Shape("später morgen 9", command="later", argument="morgen 9", disposition=C),
    Shape("nicht ich, frag ben@ourco.example", command="hand_over", argument="ben@ourco.example", disposition=C),
    Shape("passer", command="skip", disposition=C),
    Shape("plus tard", command="later", disposition=C),
    Shape("saltar", command="skip", disposition=C),
    Shape("ayuda", command="help", disposition=C),
    Shape("annulla", command="undo", disposition=C),
    Shape("overslaan", command="skip", disposition=C),
    Shape("ok", disposition=E),
    Shape("Thanks!", disposition=E, kept="Thanks!"),
    Shape("Danke dir", disposition=E),
    Shape("Merci beaucoup", disposition=E),
    Shape("", disposition=E),
)  # fmt: skip
