"""Where a visitor comes in: Nudger's own pages, and all addresses that the demonstration names."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from nudger.admin.console_access import code_counts, make_code
from nudger.admin.page_sign_in import site_url
from nudger.demo.company import MANAGER
from nudger.runtime.context import Context
from nudger.sandbox.doors import Doors
from nudger.sandbox.scenario import ANA
from nudger.web.console.section import PREFIX as CONSOLE
from nudger.web.signed_in import REP_HOME, TEAM_HOME


def doors_of(ctx: Context) -> Doors:
    """Of a company whose pages are served. The manager's has another name for the same machine, by
    which browsers keep its session apart: one visitor is both."""
    url = site_url(ctx)

    def new_code() -> str:
        with ctx.database.begin() as tx:
            return make_code(ctx, tx, None)

    def counts(code: str) -> bool:
        with ctx.database.read() as tx:
            return code_counts(ctx, tx, code)

    return Doors(
        answers=f"{url}/answer/",
        rep=f"{url}{REP_HOME}",
        rep_is=ANA,
        manager=f"http://localhost:{urlsplit(url).port}{TEAM_HOME}",
        manager_is=MANAGER,
        console=f"{url}{CONSOLE}",
        make_code=new_code,
        counts=counts,
    )


def addresses(sandbox: str, doors: Doors, answer_page: str | None) -> dict[str, str | None]:
    """What one opens, by name, in the order in which one would; `sandbox` is its address. The
    answer page is `None` before the first question."""
    rep = quote(doors.rep_is, safe="")
    return {
        "start": f"{sandbox}/",
        "inbox": f"{sandbox}/inbox/{rep}",
        "calendar": f"{sandbox}/calendar/{rep}",
        "answer": answer_page,
        "rep": doors.rep,
        "manager": doors.manager,
        "console": doors.console,
    }
