"""What managers said of calls, on its way to the rep: as long as they may read the call."""

from __future__ import annotations

from nudger.domain.manager_sight import Sight
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never
from nudger.jobs.outgoing.content import opened_content
from nudger.jobs.outgoing.managers import sight_of_rep
from nudger.jobs.outgoing.send_time import Outgoing
from nudger.mail.kinds.comment import CommentContent, Remark
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store.meetings import Meeting


def comment_content(
    ctx: Context, out: Outgoing
) -> tuple[CommentContent, tuple[Meeting, ...]] | Never:
    """What the mail says and of which of its calls: nothing of a manager who may not read the call
    any more."""
    with ctx.database.read() as tx:
        rules = load_domain_rules(tx, ctx.settings)
    left = {meeting.id for meeting in out.meetings}

    def may_say(remark: Remark) -> bool:
        sight = sight_of_rep(ctx.settings, rules, out.rep, (remark.manager,))
        return remark.meeting_id in left and sight is Sight.CALLS

    remarks = tuple(filter(may_say, opened_content(ctx, out.mail, CommentContent).remarks))
    if not remarks:
        return Never(Reason.NOT_SHARED)
    said_of = {one.meeting_id for one in remarks}
    meetings = tuple(meeting for meeting in out.meetings if meeting.id in said_of)
    return CommentContent(remarks=remarks), meetings
