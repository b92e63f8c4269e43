"""A restored backup brings back neither sessions, nor people let go, nor people anonymised after it was made."""

import asyncio
import subprocess
from pathlib import Path

import sqlalchemy as sa

from ohmatdyt import backup
from ohmatdyt.backup import removals
from ohmatdyt.core.db import Database
from ohmatdyt.core.settings import Settings
from tests.cases.makers import PDF, desk
from tests.deploy.backups import another_database
from tests.factories import Catalog, People
from tests.people.test_forgetting import everything_stored
from tests.people.test_with_cases import patient
from tests.platform.processes import OHMATDYT, environment

__all__ = ["another_database"]  # a fixture


def restore(folder: Path, url: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*OHMATDYT, "restore", str(folder / "copies")],
        cwd=folder,
        env={
            **environment(),
            "DATABASE_URL": url.replace("+asyncpg", ""),
            "MEDIA_ROOT": str(folder / "back"),
            "SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrstuvwxyz",
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_what_was_taken_away_since_is_taken_away_again(
    settings: Settings,
    people: People,
    catalog: Catalog,
    tmp_path: Path,
    another_database: str,
) -> None:
    d = await desk(people, catalog)
    back_again, demoted = await people.operator(), await people.admin()
    card = await patient(d.operator.client, "Таємниченко Ян", notes="нотатка-х")
    twin = await patient(d.operator.client, "Приховчук Ян")
    case = await d.case(patient_id=card["id"], applicant_name="Болотяна Ія", summary="скарга-у")
    loose = await d.case(applicant_name="Болотяна Ія", summary="скарга-ї")
    upload = await d.operator.client.post(
        f"/api/attachments/cases/{case['id']}/upload",
        files={"file": ("виписка-w.pdf", PDF, "application/pdf")},
    )
    assert upload.status_code == 201
    await backup.make(settings, tmp_path / "copies")

    # What has happened since: the other case is linked, the twin merged, both closed, the person forgotten.
    admin = d.admin.client
    linked = await d.operator.client.patch(
        f"/api/cases/{loose['id']}", json={"patient_id": card["id"]}, headers={"If-Match": '"1"'}
    )
    assert linked.status_code == 200, linked.text
    assert (
        await admin.post(f"/api/patients/{twin['id']}/merge", json={"into_id": card["id"]})
    ).status_code == 200
    for one in (case, loose):
        await d.executor.client.post(f"/api/cases/{one['id']}/take")
        body = {"to_status": "DONE", "comment": "Відповідь надано родині"}
        done = await d.executor.client.post(f"/api/cases/{one['id']}/status", json=body)
        assert done.status_code == 200, done.text
    assert (await admin.post(f"/api/patients/{card['id']}/anonymise")).status_code == 200
    for who, action in ((d.executor, "deactivate"), (back_again, "deactivate"), (back_again, "activate")):
        assert (await admin.post(f"/api/users/{who.id}/{action}", json={})).status_code == 200
    lowered = await admin.patch(
        f"/api/users/{demoted.id}", json={"role": "OPERATOR"}, headers={"If-Match": '"1"'}
    )
    assert lowered.status_code == 200, lowered.text
    await backup.note_removals(settings, tmp_path / "copies")
    await backup.note_removals(settings, tmp_path / "copies")
    lines = list(removals.read(tmp_path / "copies"))
    assert len(lines) == 5, "each once"
    text = (tmp_path / "copies" / removals.FILE).read_text()
    assert not {"Таємниченко", "Болотяна", d.executor.username} & set(text.replace('"', " ").split()), (
        "ids only"
    )

    done_ = await asyncio.to_thread(restore, tmp_path, another_database)
    assert done_.returncode == 0, done_.stderr
    there = await Database.open(settings, another_database)
    try:
        stored = await everything_stored(there)
        for word in (
            "Таємниченко",
            "Приховчук",
            "Болотяна",
            "скарга-у",
            "скарга-ї",
            "нотатка-х",
            "виписка-w",
        ):
            assert word not in stored, word
        async with there.unit_of_work() as session:

            async def ask(statement: str) -> object:
                return await session.scalar(sa.text(statement))

            assert await ask("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0
            assert await ask(f"SELECT is_active FROM users WHERE id = '{d.executor.id}'") is False
            assert await ask(f"SELECT is_active FROM users WHERE id = '{back_again.id}'") is True
            assert await ask(f"SELECT role FROM users WHERE id = '{demoted.id}'") == "OPERATOR"
            assert await ask("SELECT count(*) FROM attachments") == 0
            journal = "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log WHERE details ? 'repeated'"
            assert sorted(str(await ask(journal)).split()) == [
                "patient.anonymised",
                "user.deactivated",
                "user.role_changed",
            ]
            assert (
                await ask("SELECT details->>'patients' FROM audit_log WHERE action = 'backup.restored'")
                == "1"
            )
    finally:
        await there.close()
    assert list((tmp_path / "back").rglob("*.pdf")) == []


async def test_a_line_cut_off_by_a_crash_costs_only_itself(
    settings: Settings, people: People, tmp_path: Path
) -> None:
    admin, other = await people.admin(), await people.operator()
    target = tmp_path / "copies"
    target.mkdir()
    (target / removals.FILE).write_text('{"key": "cut o')
    await admin.client.post(f"/api/users/{other.id}/deactivate", json={})
    await backup.note_removals(settings, target)
    assert [one.object_id for one in removals.read(target)] == [str(other.id)]
