"""How sentences about a sale are built in English: subjects, requests, passives, nouns of ours."""

from __future__ import annotations

import re

from nudger.domain.coach import words as w

FRAME = re.compile(
    rf"^(?:(?:{w.GOAL})\s*[:=-]\s*)?"
    r"(?:(?:by|at|bis zum?) (?:the )?(?:end|ende) (?:of|dieses|des) (?:this |the |our )?\w+,?\s*)?"
    r"(?:(?:the |our )?goal (?:is|for today is) (?:to )?|i want (?:to )?|we want (?:to )?|i'd like (?:the customer )?to have\s+)?"
    r"(?:(?:the )?(?:customer|client|prospect|buyer)s? (?:will have|has|have|should have|must have|shall have) (?=agreed|committed))?"
)
OWNER = re.compile(r"\(?\bowner:?\s*(us|them|we|seller|vendor|customer|client|buyer)\b\)?")
GETS_THEM = re.compile(
    r"\b(?:get|gets|getting|have|has|ask|asks|asking|bring|persuade|convince|win|motivate|help|make|want|need|"
    r"i'll get|we'll get)\s+(?!to\b|a\b|an\b|name|info|feedback|more|details|back|together|in touch|the name|clarity|to know)"
    r"(?P<who>(?:[\w'’.&-]+\s+){1,6}?)(?P<link>to|into|on|onto)\s+(?P<act>[\w-]+)"
)
HAVE_THEM = re.compile(
    rf"^(?:have|make|let) (?:the |their |his |her )?(?:{w.CUSTOMER}|{w.ROLES}|[a-z]+'s \w+) (?P<act>[a-z][\w-]*)"
)
OUR_PEOPLE = re.compile(r"^our (?:[\w-]+ ){1,3}?(?:will )?[a-z]+s\b")
FROM_THEM = re.compile(
    r"\b(?:agreement|commitment|approval|sign-?off|go-ahead|permission|confirmation|buy-in|yes)\s+(?:from|of|by|that|to|on|for)\b"
)
US_FIRST = re.compile(
    rf"^(?:{w.WE})\b(?:\s+(?:{w.WILL}|am|are|can|want to|would like to|plan to|need to|have to|should))?\s*(?P<rest>.*)"
)
OUR_TURN = re.compile(
    r"\b(?:we|i)(?:'ll|’ll| will| shall| am going to| are going to) (?:send|present|show|demo|prepare|follow|call|write|give|deliver|run|provide|e-?mail|walk|explain|arrange|share|submit|set up|schedule)\b"
)
WISH_TO_ACT = re.compile(
    r"^(?:i'd|we'd|i would|we would|i’d|we’d) (?:like|love) to (?:run|start|buy|sign|try|order|begin|book|schedule|set up|move to|pilot|test|introduce|bring)\b"
)
CAN_DO = re.compile(
    r"\b(?:can make|works for (?:me|us)|send (?:me |us )?(?:a |an |the )?(?:calendar )?invite|shall we say|i can do|let's say (?:mon|tue|wed|thu|fri))\b"
)
LETS = re.compile(r"^let(?:'s|’s| us) (?P<rest>.*)")
MAY_I = re.compile(r"^(?:may|can|could|shall|should) (?:i|we) (?P<rest>.*)")
WHEN_CAN_YOU = re.compile(
    r"^(?:when|what (?:day|date|time)|which (?:day|date)|how soon|who (?:should|else should))\b.*\b(?:you|we|your|i)\b"
)
TOWARDS_US = re.compile(
    r"\b(?:send|give|show|email|mail|share|provide|get|introduce|refer|connect|invite|forward|bring|hand|tell|put|schick|gib|sende?)(?:s|es|t|en)?\s+(?:\w+\s+){0,3}?"
    rf"(?:{w.US})\b|\b(?:with|to) us\b"
)
THEIR_SIDE = re.compile(
    rf"(?<![\w-])(?:(?:their|his|her|the|an?|your|its)\s+(?:\w+\s+){{0,3}}?(?:{w.ROLES})|(?:{w.ROLES}))(?![\w-])"
)
WILL = rf"(?:(?:{w.WILL}|is going to|are going to|has|have|had|also|then) )*"
THEY_WILL = re.compile(
    rf"^(?P<who>{w.THEY})(?:'ll|'ve)? {WILL}(?P<act>[\w-]+)",
    re.IGNORECASE,
)
SOMEBODY_DOES = re.compile(
    rf"^(?P<who>(?:(?:the|their|his|her|a|an|one of their|two of their|both|all|qualified|new|our) )*"
    rf"(?:[\w-]+ )?(?:{w.ROLES}|customers?|clients?|prospects?|buyers?|company|team|side|user|lead))(?:'s \w+)? {WILL}(?P<act>[a-z][\w-]*)",
    re.IGNORECASE,
)
NAME_DOES = re.compile(
    rf"^(?P<who>(?:(?i:{w.TITLES})\.? )?[A-ZÄÖÜÉÈÁÍÓÚ][\w'.&-]*(?: (?:[A-ZÄÖÜ][\w'.&-]*|and|of|at|und|from))*)"
    rf"(?:, [^,]{{1,40}},)? {WILL}(?P<act>[a-z][\w-]*)"
)
SEVERAL_DO = re.compile(
    rf"^(?:the|their|both|two|three|all|some) (?:[\w-]+ ){{0,2}}?[\w-]+s (?:will )?(?:{w.ACTS})(?![\w-])"
)
PASSIVE_THEIRS = re.compile(
    r"\b(?:signed|accepted|approved|agreed|confirmed|granted|booked|scheduled|fixed|set|nominated|returned|submitted|completed|released|received|countersigned|redlined|ordered|paid|introduced)\b"
)
PASSIVE_OURS = re.compile(
    r"\b(?:sent|generated|delivered|presented|prepared|drafted|written|quoted|shown|e-?mailed|created|published|pitched|demoed|updated|logged|conducted)\b"
)
OUR_PAPER = re.compile(
    r"^(?:an?|the|our|formal|first|final|product|live|short|quick|detailed|updated|new|commercial|\s)*"
    rf"(?:{w.PAPERS})(?:\s*\(.*\)| (?:{w.OF}) .*)?[.!]?$"
)
GERUND = re.compile(r"^(?P<stem>[a-z]{3,})ing\b")
WANTS_NOTHING = re.compile(r"[^\W\d_]{2,}")
