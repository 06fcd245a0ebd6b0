"""Why something was decided or done: every code that is stored, shown or logged, with its words.

`nudger explain`, the audit trail, the log and the documentation speak from this one catalogue.
"""

from __future__ import annotations

from enum import StrEnum


class Worded(StrEnum):
    """A code that says itself to a person: `words` is a sentence."""

    words: str

    def __new__(cls, code: str, words: str) -> Worded:
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member


class Reason(Worded):
    """The code of a reason. A code that was stored once is never given another meaning."""

    # Which events are asked about
    CUSTOMER = "customer", "A customer that you watch takes part."
    OUTSIDE = "outside", "Somebody from outside takes part."
    NO_CUSTOMER = "no_customer", "Nobody from outside takes part."
    NOT_WATCHED = "not_watched", "Only listed customers are watched, and none of them takes part."
    NEVER = "never_domain", "The only outside guests are on the list never to be asked about."
    VENDOR = "vendor", "Whoever comes from outside seems to sell to you, by the start list."
    RECRUITING = "recruiting", "It seems to be about hiring, by the start list."
    FINANCE = "finance", "It seems to be with a bank or an insurer, by the start list."
    EDUCATION = "education", "It seems to be with a school or university, by the start list."
    TRAVEL = "travel", "It seems to be about travel, by the start list."
    PUBLIC_SERVICE = "public_service", "It seems to be with an authority, by the start list."
    ADVISER = "adviser", "It seems to be with a law or tax firm, by the start list."
    HEALTH = "health", "It seems to be with a doctor or the like, by the start list."
    UTILITY = (
        "utility",
        "It seems to be about electricity, telephone or the like, by the start list.",
    )
    PRIVATE_LIFE = "private_life", "Its title tells of a private matter, by the start list."
    GUESTS_HIDDEN = "guests_hidden", "The guest list is hidden or cut, so we cannot see who comes."
    CANCELLED = "cancelled", "The meeting is cancelled."
    DECLINED = "declined", "The rep declined it."
    PRIVATE = "private", "It is marked private."
    ALL_DAY = "all_day", "It lasts all day, and is no onsite that the settings ask about."
    FREE = "free", 'It is shown as "free".'
    OUT_OF_OFFICE = "out_of_office", "It is an out-of-office entry."
    FOCUS_TIME = "focus_time", "It is focus time."
    WORKING_LOCATION = "working_location", "It says where the rep works."
    BIRTHDAY = "birthday", "It is a birthday."
    FROM_MAIL = "from_mail", "The calendar made it from a mail, such as a flight."
    TOO_LONG = (
        "too_long",
        "It is longer than a meeting may be, and is no onsite that the settings ask about.",
    )
    TOO_MANY_GUESTS = "too_many_guests", "It has more guests than a meeting may have."
    TITLE_WORD = "title_word", "Its title has a word for which nothing is asked."
    MASS_INVITATION = (
        "mass_invitation",
        "A webinar or event service sent it to everybody who signed up.",
    )
    PAST = "past", "It has already begun."
    SERIES_MUTED = "series_muted", "The rep muted its series."
    OTHER_DATE = "other_date", "Another date of its series is asked about."
    REMOVED = "removed", "The calendar does not show it any more."

    # When a question is due
    DAY_BEFORE = "day_before", "Asked on the morning of the working day before."
    LEAD_TIME = "lead_time", "Asked as many working hours ahead as the settings say."
    BOOKED_LATE = "booked_late", "Booked so late that it was asked about at once."
    NEXT_WORKING_HOUR = "next_working_hour", "Asked as soon as the rep works again."
    TOO_LATE = "too_late", "There was not enough time left."
    ZONE_UNKNOWN = (
        "zone_unknown",
        "It names a time zone that does not exist: the calendar's, or UTC, counts.",
    )
    HOURS_CHANGED = "hours_changed", "The rep's zone or working hours changed."

    # What becomes of a question
    BACK = "back", "The meeting is on again."
    OWNER_LEFT = "owner_left", "The rep who was asked does not take part any more."
    OWNER_BACK = "owner_back", "The rep who was asked before takes part again."
    HANDED_OVER = "handed_over", "The rep handed the question to a colleague."
    SAME_MEETING = "same_meeting", "It is the same meeting as another that we know."
    UNANSWERED = "unanswered", "The question has no answer yet."
    CALL_OVER = "call_over", "The call is over, and what came of it is not known."
    TOO_SOON = "too_soon", "It would come too soon after the question."
    WEEKLY = "weekly", "It is the day of the weekly mail."
    ANNOUNCED = "announced", "An admin has Nudger announced before the first question."
    ANNOUNCED_BEFORE = "announced_before", "The rep has got the announcement, or is about to."
    ASKED_BEFORE = "asked_before", "The rep has been asked already, so nothing is announced."
    COLLEAGUE_ASKED = "colleague_asked", "A colleague was asked about a call that this rep attends."
    IN_DOUBT = "in_doubt", "Nobody can say whether the mail went out: it is not sent again."
    EXPIRED = "expired", "Its time has passed."
    EVENT_GONE = "event_gone", "The meeting is no longer in the calendar."
    REP_PAUSED = "rep_paused", "The rep paused the questions."
    REP_STOPPED = "rep_stopped", "The rep stopped the questions."
    REP_RECONNECT = "rep_reconnect", "The rep has to connect their account again."
    MEETING_PLANNED = "meeting_planned", "The question has not been sent yet."
    MEETING_ANSWERED = "meeting_answered", "The meeting has its answer."
    MEETING_WRITTEN = "meeting_written", "The answer is in the calendar already."
    MEETING_WITHDRAWN = "meeting_withdrawn", "The meeting was called off or is not asked about."
    MEETING_EXPIRED = "meeting_expired", "It was too late to ask about the meeting."
    MEETING_CLOSED = "meeting_closed", "The question is not open any more."
    SWITCHED_OFF = "switched_off", "The settings have switched these mails off."
    ASKED_THEMSELF = "asked_themself", "The rep was asked themself."
    NOT_ATTENDING = "not_attending", "The colleague does not take part."
    NOTHING_ASKED = "nothing_asked", "Nothing was asked in this time."
    NOTHING_NEW = "nothing_new", "No outside domain is new."
    NOBODY_TOLD = "nobody_told", "No rep has been told yet that this manager reads their numbers."

    # What a reply is
    ANSWERED = "answered", "The rep answered."
    DIGEST = "digest", "The rep answered several questions at once."
    SUGGESTION = "suggestion", "The rep took the answer that was suggested."
    OUTCOME = "outcome", "The rep said what came of the call."
    EMPTY = "empty", "There were no words of the rep's own."
    NOTHING_LEFT = "nothing_left", "Nothing in it could be told to be the rep's own words."
    REACTION = "reaction", "Only a reaction, as mail programs send for a click on a sign."
    ENCRYPTED = "encrypted", "It is encrypted, and we cannot read it."
    ACKNOWLEDGEMENT = "acknowledgement", "Only thanks, or the like."
    FORWARDED = "forwarded", "The question was forwarded."
    NO_WORDS = "no_words", "There were signs, but no words."
    WHICH_MEETING = "which_meeting", "It does not say which of several calls it is about."
    FILLER = "filler", "It fills the gap and says nothing, as “tbd” does."
    ASKED_BACK = "asked_back", "The rep asks us something."
    UNPLACED = "unplaced", "A part of it could be read for none of the calls."
    NO_ANSWER_FOUND = "no_answer_found", "No answer could be read in it."
    NOTHING_TO_ANSWER = "nothing_to_answer", "The mail that it replies to asked nothing."
    DUPLICATE = "duplicate", "The same mail was dealt with already."
    NO_TOKEN = "no_token", "It answers none of our mails."
    REP_INACTIVE = "rep_inactive", "The rep who was asked is not watched any more."
    FAILED_THRICE = "failed_thrice", "It failed three times and was set aside."
    SAID_AGAIN = "said_again", "The rep said the same a moment ago: it is not confirmed again."
    TOLD_ENOUGH = "told_enough", "We have mailed enough about it: nothing more is said for a while."

    # Mails that no person wrote
    AUTO_REPLY = "auto_reply", "An automatic reply, by its subject or header."
    AUTO_SUBMITTED = "auto_submitted", "A program sent it, by its own word."
    READ_RECEIPT = "read_receipt", "It says that our mail was opened, or thrown away unread."
    VENDOR_HEADER = "vendor_header", "A mail program marked it as automatic."
    PRECEDENCE = "precedence", "It is marked as bulk or automatic mail."
    CALENDAR_PART = "calendar_part", "It is an answer to an invitation."
    CALENDAR_SUBJECT = "calendar_subject", "It is an answer to an invitation, by its subject."
    DELIVERY_REPORT = "delivery_report", "A mail server reports that a mail was not delivered."
    MAILER_DAEMON = "mailer_daemon", "A mail server wrote it."
    FAILED_RECIPIENTS = "failed_recipients", "A mail server names recipients that it did not reach."
    BOUNCED = "bounced", "A mail to the rep came back: their address does not take it."
    BOUNCE_FORGED = "bounce_forged", "It reports on a mail that we never sent."
    NULL_RETURN_PATH = "null_return_path", "It has no return address, as reports have none."

    MACHINE = "machine", "It says at once and again what it said before: a program answers."

    # Who sent it
    ACCEPTED = "accepted", "The rep sent it, by the mail server's word."
    PROVIDER_INTERNAL = "provider_internal", "The rep sent it from within the provider."
    SENDER_MISMATCH = "sender_mismatch", "A colleague of the rep sent it."
    SENDER_EXTERNAL = "sender_external", "Somebody outside the company sent it."
    FROM_MISSING = "from_missing", "It does not say whom it is from."
    FROM_MULTIPLE = "from_multiple", "It says more than once whom it is from."
    FROM_MALFORMED = "from_malformed", "Its sender's address cannot be read with certainty."
    AUTH_MISSING = "auth_missing", "The mail server did not say whether the sender is genuine."
    AUTH_UNTRUSTED = "auth_untrusted", "What it says of the sender is not our mail server's word."
    AUTH_AMBIGUOUS = "auth_ambiguous", "The mail server's word on the sender is not clear."
    AUTH_FAIL = "auth_fail", "The mail server says that the sender is not genuine."
    AUTH_NOT_PASS = "auth_not_pass", "The mail server could not confirm the sender."

    # Mails that cannot be read
    MIME_PARSE = "mime_parse", "Its parts cannot be taken apart."
    MIME_NESTING = "mime_nesting", "Its parts are nested too deep."
    MIME_PARTS = "mime_parts", "It has too many parts."
    HEADER_SIZE = "header_size", "Its header is too large."
    TOO_BIG = "too_big", "It is too large."
    READING_LIMIT = "reading_limit", "Reading it took too long, or too much memory."

    # Commands of reps
    SKIP = "skip", "The rep asked for no question about this call."
    NOT_CUSTOMER = "not_customer", "The rep said that it is no customer meeting."
    LATER = "later", "The rep asked to be asked later."
    PAUSE = "pause", "The rep paused the questions."
    STOP = "stop", "The rep stopped the questions."
    STOP_BY_HEADER = "stop_by_header", "A mail program sent our header's stop: a pause."
    START = "start", "The rep started the questions again."
    MUTE_SERIES = "mute_series", "The rep muted the series."
    FIRST_ONLY = "first_only", "The rep wants to be asked about this date of the series only."
    EVERY_NTH = "every_nth", "The rep wants to be asked about some dates of the series only."
    HAND_OVER = "hand_over", "The rep handed the question to a colleague."
    UNDO = "undo", "The rep took back what they had said."
    HELP = "help", "The rep asked what can be replied."
    NOT_A_REP = "not_a_rep", "The colleague named is nobody whom we may ask."
    NOT_A_SERIES = "not_a_series", "The call does not repeat."
    NOT_UNDERSTOOD = "not_understood", "We could not read what was meant."
    KEPT_PRIVATE = "kept_private", "The rep keeps the answer to themself, in a private event."
    PUBLISHED = "published", "The rep lets the guests read the answer."
    NO_COMMITMENT = (
        "no_commitment",
        "The words name no act of the customer's, so that they are kept from the guests.",
    )
    UNSURE_COMMITMENT = (
        "unsure_commitment",
        "The words may name no act of the customer's, so that they are kept from the guests.",
    )
    GUESSED = (
        "guessed",
        "The answer was guessed from the reply, so that it is kept from the guests.",
    )
    UNLISTED_MILESTONE = (
        "unlisted_milestone",
        "The milestone is none of the list, so that the answer is kept from the guests.",
    )
    ONLY_YOURS = "only_yours", "The answer stands where the rep alone reads it, by the settings."
    NOTHING_SAVED = "nothing_saved", "There was nothing to change."

    # Outcomes
    YES = "yes", "The customer agreed."
    PARTLY = "partly", "The customer agreed in part."
    NO = "no", "The customer did not agree."

    # Where an answer stands
    WRITTEN = "written", "The note is in the meeting."
    AS_ASKED = "as_asked", "The note is where it was meant to be."
    BLOCK_CONFLICT = "block_conflict", "The description holds a broken note, or more than one."
    DESC_FULL = "desc_full", "The description takes no more text."
    CHANGING_TOO_FAST = "changing_too_fast", "Somebody keeps changing the meeting."
    NO_EFFECT = "no_effect", "The calendar took the note and did not keep it."
    WOULD_NOTIFY_GUESTS = "would_notify_guests", "Outlook would mail every guest about the change."
    WRITE_REFUSED = "write_refused", "The calendar lets an invited person change nothing."
    UNDONE = "undone", "The rep took the answer back."
    WITHDRAWN = "withdrawn", "The meeting is gone."

    # Accounts and calls that failed
    CHAT_REFUSED = "chat_refused", "The chat does not take it: it goes by mail."
    CHAT_CONNECTED = "chat_connected", "An admin gave Nudger the chat's tokens."
    CHAT_DISCONNECTED = "chat_disconnected", "An admin had the chat's tokens forgotten."
    CHAT_CHOSEN = "chat_chosen", "The rep is asked in the chat from now on."
    CHAT_LEFT = "chat_left", "The rep is asked by mail from now on."
    CHANNEL_JOINED = "channel_joined", "The rep lets a channel see when their calls are."
    CHANNEL_LEFT = "channel_left", "The rep's calls are not shown in a channel any more."
    CONNECTED = "connected", "The rep connected their account."
    TEST_MAIL = "test_mail", "An admin had a test mail sent."
    NOT_NEEDED = "not_needed", "The application signs in for everybody: no consent is needed."
    RECONNECT = "reconnect", "The rep has to connect their account again."
    SIGN_IN_REFUSED = "sign_in_refused", "The provider refused our application's sign-in."
    UNAVAILABLE = "unavailable", "The provider did not answer."
    ACCESS_DENIED = "access_denied", "The provider refused access."
    CALENDAR_GONE = "calendar_gone", "The calendar is not there any more, or not shared with us."
    PROVIDER_ERROR = "provider_error", "The provider refused the call."
    FAULT = "fault", "Nudger failed; the log says where."
    TAKEN_OVER = "taken_over", "Another worker has taken over."
    STOPPING = "stopping", "Nudger was told to stop, and gave the work back."
    LEFT_ALONE = (
        "left_alone",
        "It failed several times in a row, or asked for a pause, and is left alone for a while.",
    )

    # What admins switch
    SENDING_PAUSED = "sending_paused", "An admin paused the sending."
    SENDING_RESUMED = "sending_resumed", "An admin resumed the sending."
    LOCKED_DOWN = "locked_down", "An admin locked everything down."
    LOCKDOWN_ENDED = "lockdown_ended", "An admin ended the lockdown."
    DOMAINS_CHANGED = "domains_changed", "An admin changed the list of domains."
    REPS_CHANGED = "reps_changed", "An admin added or changed reps."
    UNREACHABLE = (
        "unreachable",
        "Two mails to the rep came back in a row: nothing is sent to them.",
    )
    API_TOKEN_MADE = "api_token_made", "An admin made a token for the API."
    API_TOKEN_REVOKED = "api_token_revoked", "An admin revoked a token for the API."
    TOKEN_VOID = "token_void", "It answers a mail from before a lockdown."

    # Pages
    BY_PAGE = "by_page", "The rep answered on a page."
    BY_ADDON = "by_addon", "The rep answered in the calendar's add-on."
    ADDON_ACCOUNT = "addon_account", "The rep opened the add-on for the first time."
    NOT_OVER = "not_over", "The call has not ended yet."
    SIGNED_IN = "signed_in", "Somebody signed in to their page."
    CHANGED_BY_REP = "changed_by_rep", "The rep changed their language or time zone."
    EXPORTED_BY_REP = "exported_by_rep", "The rep took what is stored about them."
    ASKED_TO_BE_FORGOTTEN = (
        "asked_to_be_forgotten",
        "The rep asked to be forgotten: nothing is sent to them, and an admin decides.",
    )

    # Console
    ADMIN_SIGNED_IN = "admin_signed_in", "Somebody with a role signed in to the console."
    ADMIN_BOUND = "admin_bound", "An invited address was bound to the account that signed in."
    ADMIN_CODE_MADE = "admin_code_made", "A one-time code for the console was made."
    ADMIN_ADDED = "admin_added", "Somebody was given a role in the console."
    ADMIN_ROLE_CHANGED = "admin_role_changed", "Somebody was given another role in the console."
    ADMIN_REMOVED = "admin_removed", "Somebody's role in the console was taken away."
    AUDIT_EXPORTED = "audit_exported", "Somebody took the audit trail along from the console."
    SETTING_CHANGED = "setting_changed", "A setting was changed in the console."
    TEMPLATE_CHANGED = "template_changed", "A template of mails or notes was changed."

    # Managers
    SHARED = "shared", "The rep lets their manager read their calls."
    NOT_SHARED = "not_shared", "The rep does not let this manager read their calls."
    COMMENTED = "commented", "The rep's manager commented on the call."
    COMMENTED_ENOUGH = "commented_enough", "The call has as many comments as it may have."
    MANAGER_STOP = "manager_stop", "The manager wants no weekly mail."
    MANAGER_STOP_BY_HEADER = (
        "manager_stop_by_header",
        "The manager's mail program sent our header's stop: no weekly mail to them.",
    )
    MANAGER_START = "manager_start", "The manager wants the weekly mail again."

    # What other systems are told
    DELIVERED = "delivered", "The receiver took it."
    RECEIVER_REFUSED = "receiver_refused", "The receiver refused it."
    RECEIVER_FAILS = "receiver_fails", "The receiver failed, or asked to be left alone for a while."
    RECEIVER_SILENT = "receiver_silent", "The receiver did not answer in time, or not at all."
    RECEIVER_REDIRECTS = (
        "receiver_redirects",
        "The receiver sent us elsewhere, which is never followed.",
    )
    RECEIVER_UNPROVEN = (
        "receiver_unproven",
        "The receiver's certificate does not prove that it is who it should be.",
    )
    PRIVATE_NETWORK = (
        "private_network",
        "The receiver's name leads into a network that the settings do not allow.",
    )
    RECEIVER_GONE = "receiver_gone", "The receiver said that it is gone for good."
    CRM_SIGN_IN = "crm_sign_in", "The CRM refused our sign-in, or lets us do less than is needed."
    CRM_NO_MATCH = (
        "crm_no_match",
        "The CRM has no record that is surely of this call, so that nothing is written.",
    )
    CRM_AMBIGUOUS = (
        "crm_ambiguous",
        "The CRM has several records that may be of this call, so that nothing is written.",
    )
    CRM_FIELD = "crm_field", "The CRM knows no such field: look at the mapping of the fields."
    UNDELIVERED = "undelivered", "It was tried for seven days, and is given up."
    REPLAYED = "replayed", "An admin has it delivered again."
    RECEIVER_ON = "receiver_on", "An admin has a receiver told again that was left alone."

    # Forgetting
    FORGOTTEN = "forgotten", "An admin had us forget somebody."

    UNKNOWN = "unknown", "A version of Nudger recorded it that this one does not know."


class StepName(Worded):
    """What was done, as the audit trail names it."""

    PLAN = "plan", "planned"
    QUESTION = "question", "question"
    REMINDER = "reminder", "reminder"
    FOLLOW_UP = "follow_up", "question after the call"
    CONFIRMATION = "confirmation", "confirmation"
    COMMAND = "command", "command"
    QUARANTINED = "quarantined", "mail about a reply that we did not believe"
    PROBLEM = "problem", "mail about an answer that could not be written"
    WEEKLY = "weekly", "weekly mail"
    MANAGER_WEEKLY = "manager_weekly", "manager's weekly mail"
    ADMIN_WEEKLY = "admin_weekly", "admin's weekly mail"
    COLLEAGUE = "colleague", "mail to a colleague"
    ANNOUNCEMENT = "announcement", "announcement"
    COMMENT = "comment", "manager's comment"
    UNDERSTAND = "understand", "reply read"
    CHAT = "chat", "chat"
    CHANNEL = "channel", "day's plan in a channel"
    ANSWER = "answer", "answer"
    OUTCOME = "outcome", "outcome"
    PAGE = "page", "page"
    ADDON = "addon", "add-on"
    SIGN_IN = "sign_in", "sign-in"
    WRITE = "write", "note"
    CONNECT = "connect", "account"
    TEST_MAIL = "test_mail", "test mail"
    CONTROL = "control", "admin's switch"
    ACCESS = "access", "role in the console"
    TELL = "tell", "other system"
    FORGET = "forget", "forgetting"


_BY_CODE = {reason.value: reason for reason in Reason}


def reason_of(code: str) -> Reason:
    """The reason of a stored code; `Reason.UNKNOWN` for one that we do not know."""
    return _BY_CODE.get(code, Reason.UNKNOWN)
