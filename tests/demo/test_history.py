"""The pages that look back have something to show from the first minute."""

from __future__ import annotations

from nudger.admin.console_overview import overview_of
from nudger.admin.persons import find_person
from nudger.admin.rep_page import agreed_by_customer, overview
from nudger.admin.team_page import past_by_customer, team_overview
from nudger.demo.play import begin
from nudger.demo.stage import stage
from nudger.sandbox.scenario import ANA, LEA
from nudger.store import people


def test_each_page_that_looks_back_has_something_to_show():
    with stage() as on_stage:
        begin(on_stage)
        ctx = on_stage.ctx
        with ctx.database.read() as tx:
            ana, lea = people.find_rep(tx, ANA), find_person(ctx, tx, LEA)
        weeks = [one.counts.coverage for one in overview_of(ctx).weeks]
        assert None not in weeks[-9:-1], "eight weeks before this one"
        assert overview(ctx, ana).numbers[-1].hit_rate > 50
        assert list(agreed_by_customer(ctx, ana)) == ["acme.example", "initech.example"]
        assert [rep.name for rep in team_overview(ctx, lea).opened] == ["Ana Weber"]
        assert list(past_by_customer(ctx, lea)) == ["acme.example", "initech.example"]
