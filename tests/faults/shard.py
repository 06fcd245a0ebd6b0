"""One process's share of the cases: `python -m tests.faults.shard SHARE OF PLAN`; a JSON line each."""

from __future__ import annotations

import json
import logging
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.failpoints import Failpoints, Shared, install


def main() -> None:
    asked = json.loads(sys.argv[1])
    points = Failpoints(Shared())
    time.sleep = points.sleep  # before the clients take it as their default
    install(points)
    for line in run(asked, points):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def run(asked: dict[str, Any], points: Failpoints) -> Iterator[dict[str, Any]]:
    """`asked` is what `__main__` hands over: the share, the modes, the plan, the seed."""
    from nudger import worker
    from nudger.providers.microsoft import auth
    from tests.faults.failpoints import name_jobs
    from tests.faults.neighbour import a_neighbour
    from tests.faults.readers import warm_readers
    from tests.faults.zygote import Zygote, a_folder

    if not os.environ.get("FAULTS_VERBOSE"):
        logging.disable(logging.CRITICAL)
    if asked["defect"]:
        from tests.faults.defects import DEFECTS

        DEFECTS[asked["defect"]].put_in()
    name_jobs(points, worker)
    auth.REFUSAL_LASTS = 0.0  # it is counted by the machine's clock, which stands in a scene
    with (
        a_folder(Path(asked["folder"]), f"shard{asked['share']}") as folder,
        a_neighbour(folder) as (neighbour, url),
        warm_readers(folder),
    ):
        postgresql = _schema(asked["postgresql"], folder.name)
        zygote = Zygote(folder, neighbour, url, points, postgresql)
        for mode, scene in _share(asked):
            yield from _play_scene(zygote, mode, scene, asked)


def _share(asked: dict[str, Any]) -> list[tuple[Any, Any]]:
    from tests.faults.scenes import SCENES
    from tests.faults.zygote import Mode

    pairs = [
        (Mode(provider, database), scene)
        for scene in SCENES
        if scene.name in asked["scenes"]
        for database in asked["databases"]
        for provider in asked["providers"]
    ]
    if asked["only"]:
        wanted = {one.rpartition("/")[0] for one in asked["only"]}
        return [(m, s) for m, s in pairs if f"{m.provider}/{m.database}/{s.name}" in wanted]
    random.Random(0).shuffle(pairs)  # so that no share gets all that is slow
    return pairs[asked["share"] :: asked["shares"]]


def _play_scene(
    zygote: Any, mode: Any, scene: Any, asked: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    from tests.faults import cases

    name = f"{mode.provider}/{mode.database}/{scene.name}"
    try:
        staged = cases.stage(zygote, mode, scene)
    except Exception as trouble:
        yield {"case": f"{name}/stage", "findings": [["stuck", repr(trouble)]]}
        return
    yield {"scene": name, "points": staged.points}
    if os.environ.get("FAULTS_VERBOSE"):
        sys.stderr.write(f"{name}: {len(staged.points)} points\n{staged.wanted}\n")
    planned = cases.plan(staged, cases.Plan(**asked["plan"]), asked["seed"])
    if asked["only"]:
        planned = [one.rpartition("/")[2] for one in asked["only"] if one.startswith(f"{name}/")]
    for case in planned:
        began = time.monotonic()
        line: dict[str, Any] = {"case": f"{name}/{case}"}
        try:
            found = [[one.zero, one.detail] for one in cases.carry_out(staged, case)]
        except cases.Unstruck as why:
            yield {**line, "unstruck": str(why)}
            continue
        except Exception as trouble:  # one that breaks must not end the others
            found = [["stuck", repr(trouble)]]
        line["point"] = zygote.points.shared.latest
        line["seconds"] = round(time.monotonic() - began, 3)
        yield {**line, "findings": found}
        if _is_shown(asked["defect"], found):
            return
        if found and os.environ.get("FAULTS_VERBOSE"):
            sys.stderr.write(f"{line} {found}\n")


def _is_shown(defect: str | None, found: list[list[str]]) -> bool:
    """Whether the defect that was put in is found: more cases would say no more."""
    from tests.faults.defects import DEFECTS

    return defect is not None and any(zero == DEFECTS[defect].found for zero, _ in found)


def _schema(url: str | None, name: str) -> str | None:
    """A schema of this share's own in the database that we were given."""
    if url is None:
        return None
    from sqlalchemy import create_engine, make_url, text

    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        tx.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    query = {"options": f"-csearch_path={name}", "application_name": name}
    return make_url(url).update_query_dict(query).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
