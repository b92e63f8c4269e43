"""What an administrator goes through in a year, on a real engine; every step says what it proved or raises."""

import os
import subprocess
import time
from collections.abc import Callable

from scripts import release, rolling, smoke
from scripts.images.engine import ImagesError
from scripts.images.installation import ADMIN, ROOT, Installation
from scripts.visitor import SmokeError, Visitor

Tell = Callable[[str], None]
# What a container may not have: tests/deploy/test_containers.py has the whole table.
_NO_CONTAINER = ("\nWORKERS=", "\nPOSTGRES_PASSWORD=", "\nAPP_DB_PASSWORD=", "\nTLS_DIR=")
_NOT_GIVEN = {
    "api": ("\nMIGRATION_DATABASE_URL=", "\nSMTP_PASSWORD="),
    "worker": (),
    "wal": ("\nSECRET_KEY=", "\nMIGRATION_DATABASE_URL=", "\nREDIS_URL="),
    "beat": ("\nSECRET_KEY=", "\nDATABASE_URL=", "\nMIGRATION_DATABASE_URL="),
}
# What an administrator with an empty mail server has to be told; anything else is a fault of ours.
_MAY_BE_WARNED = ("! Пошта:", "! Сертифікат:")


def first_start(desk: Installation, tell: Tell) -> None:
    """Up with a key that nginx may not read: said, unhealthy, healed by the one command that the sentence names."""
    (desk.tls / "privkey.pem").chmod(0o600)
    begun = time.monotonic()
    desk.up()
    desk.wait("nginx says that it cannot read the key", lambda: desk.health("nginx") == "unhealthy")
    said = desk.compose("logs", "nginx")
    if "privkey.pem закритий для nginx" not in said:
        raise ImagesError(f"nginx does not say what is wrong: {said[-500:]}")
    os.chown(desk.tls / "privkey.pem", -1, 101)
    (desk.tls / "privkey.pem").chmod(0o640)
    desk.wait_healthy()
    tell(f"up in {time.monotonic() - begun:.0f} s; a key closed to nginx was said, unhealthy, and healed")
    create = ("create-admin", "--username", ADMIN, "--email", "golova@example.org")
    desk.command(
        "api", *create, "--full-name", "Голова Лікарні", "--password-stdin", stdin=f"{desk.password}\n"
    )
    for service, not_given in _NOT_GIVEN.items():
        given = "\n" + desk.compose("exec", "--no-TTY", service, "env")
        if leaked := [name.strip() for name in (*_NO_CONTAINER, *not_given) if name in given]:
            raise ImagesError(f"{service} has {leaked}")
    desk.command("worker", "backup", "/srv/backups")
    # The first copy of the database's files is made by the schedule.
    desk.wait("doctor finds nothing", lambda: not _findings(desk))


def _findings(desk: Installation) -> list[str]:
    """What doctor says besides what it must."""
    lines = [line.strip() for line in desk.command("worker", "doctor", check=False).splitlines()]
    return [line for line in lines if line.startswith(("✗", "!")) and not line.startswith(_MAY_BE_WARNED)]


def one_case(desk: Installation, tell: Tell) -> None:
    """A case's whole way over HTTPS; the desk knows the caller's address, not nginx's."""
    os.environ |= {"SMOKE_USER": ADMIN, "SMOKE_PASSWORD": desk.password}
    os.environ["SMOKE_ADDRESS"] = smoke.own_address(desk.url)
    smoke.against(desk.url)
    tell(f"a case walked over TLS; its people came from {os.environ['SMOKE_ADDRESS']}")


def update(desk: Installation, tell: Tell, *, people: int = 4) -> None:
    """`scripts/update.sh` to other images while people work."""
    team = smoke.hire(desk.url, ADMIN, desk.password)
    case = smoke.walk(team, lambda _: None)
    for image in ("api", "web"):
        desk.engine.run("tag", f"ohmatdyt-{image}:local", f"ohmatdyt-{image}:next")
    desk.version = "next"
    before = desk.count("case_comments")
    begun = time.monotonic()
    with rolling.at_work(desk.url, team.executor.token, case, people) as crowd:
        files = ":".join(map(str, desk.files))
        env = {**desk.engine.env, "VERSION": "next", "COMPOSE_FILE": files, "ENV_FILE": str(desk.env_file)}
        env["COMPOSE_PROJECT_NAME"] = "ohmatdyt"
        done = subprocess.run(
            [ROOT / "scripts/update.sh", "--no-build"], env=env, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise ImagesError(f"update.sh: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    wrong = [text for one in crowd for text in one.wrong]
    answers, written = sum(one.answers for one in crowd), sum(one.written for one in crowd)
    if wrong:
        raise SmokeError(
            f"the update was noticed {len(wrong)} times in {answers}: {wrong[:8]}\n{done.stdout}"
        )
    if (kept := desk.count("case_comments") - before) != written:
        raise SmokeError(f"{written} comments were acknowledged, {kept} are there")
    images = desk.compose("ps", "--format", "{{.Service}} {{.Image}}")
    if old := [
        line
        for line in images.splitlines()
        if line.startswith(("api", "worker", "wal", "beat")) and "next" not in line
    ]:
        raise ImagesError(f"not renewed: {old}")
    smoke.dismiss(team)
    tell(
        f"updated in {time.monotonic() - begun:.0f} s under {people} people: {answers} answers, none of 400 or more, "
        f"no connection refused, {written} comments acknowledged and kept"
    )


def loss(desk: Installation, tell: Tell) -> None:
    """`down -v`: everything is gone. The backup, put back by root, is restored by the documented commands."""
    desk.command("worker", "backup", "/srv/backups")
    rows = {table: desk.count(table) for table in ("cases", "case_comments", "attachments", "users")}
    away = desk.folder / "away"
    desk.compose("cp", "worker:/srv/backups/.", str(away))
    for path in [away, *away.rglob("*")]:
        os.chown(path, 0, 0, follow_symlinks=False)
    desk.compose("down", "--volumes")
    begun = time.monotonic()
    desk.compose("create", "worker")
    desk.compose("cp", f"{away}/.", "worker:/srv/backups/")
    desk.compose("up", "--detach", "--wait", "db", "redis")
    desk.compose("run", "--rm", "--no-deps", "own-volumes")
    # Its code says whether every row and every sum is that of the original.
    desk.compose("run", "--rm", "--no-deps", "--no-TTY", "migrate", "ohmatdyt", "restore", "/srv/backups")
    desk.up()
    desk.wait_healthy()
    took = time.monotonic() - begun
    if (found := {table: desk.count(table) for table in rows}) != rows:
        raise ImagesError(f"restored {found}, there were {rows}")
    Visitor(desk.url).sign_in(ADMIN, desk.password).close()
    desk.command("worker", "backup", "/srv/backups")
    tell(
        f"everything lost and restored in {took:.0f} s: {rows}; the next backup is written beside the old ones"
    )


def restart(desk: Installation, tell: Tell) -> None:
    """The machine is switched off and on: all come back by themselves."""
    begun = time.monotonic()
    if desk.engine.brought:
        desk.engine.stop()
        desk.engine.start()
        how = "the engine was stopped and started"
    else:
        desk.compose("restart")
        how = "every container was restarted (the engine is not ours to stop)"
    desk.wait_healthy()
    Visitor(desk.url).sign_in(ADMIN, desk.password).close()
    tell(f"{how}: signed in again after {time.monotonic() - begun:.0f} s")


def carried(desk: Installation, tell: Tell) -> None:
    """The bundle for a server without the internet: saved, forgotten, loaded, the same images."""
    packed = release.images(desk.engine, desk.folder / "dist", desk.version)
    names = [f"ohmatdyt-{image}:{desk.version}" for image in ("api", "web")]
    ids = [desk.engine.run("image", "inspect", "--format", "{{.Id}}", name).stdout for name in names]
    desk.compose("down", "--volumes")
    desk.engine.run("image", "rm", "--force", *names)
    desk.engine.run("load", "--quiet", "--input", str(packed))
    if ids != [desk.engine.run("image", "inspect", "--format", "{{.Id}}", name).stdout for name in names]:
        raise ImagesError("the images that were loaded are not those that were saved")
    tell(f"all images in one file of {packed.stat().st_size / 1e6:.0f} MB, loaded again without a registry")


STEPS: tuple[Callable[[Installation, Tell], None], ...] = (
    first_start,
    one_case,
    update,
    loss,
    restart,
    carried,
)


def build(desk: Installation, tell: Tell) -> None:
    """Both images, from the tree as it is."""
    begun = time.monotonic()
    for service in ("api", "frontend"):
        said = desk.compose("--progress", "plain", "build", service)
        (desk.folder / f"build-{service}.log").write_text(said)
    sizes = [
        f"{name} {int(desk.engine.run('image', 'inspect', '--format', '{{.Size}}', name).stdout) / 1e6:.0f} MB"
        for name in ("ohmatdyt-api:local", "ohmatdyt-web:local")
    ]
    tell(f"built in {time.monotonic() - begun:.0f} s: {', '.join(sizes)}")
