"""The shipped nginx configuration, filled in for this machine the way its container does it."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NGINX = ROOT / "deploy/nginx"
WEB = ROOT / "ohmatdyt/web"


def prepare(folder: Path, web: Path, *, tls: bool, **values: str) -> list[str]:
    """Write everything nginx needs into `folder`; returns the command that runs it in the foreground.

    Raises `RuntimeError` with a sentence when there is no nginx and none can be installed.
    """
    program = subprocess.run(
        [str(ROOT / "scripts/ensure_nginx.sh")], capture_output=True, text=True, check=False
    )
    if program.returncode != 0:
        raise RuntimeError(program.stderr.strip())
    run = folder / "nginx"
    filled = {
        "WEB_ROOT": str(web),
        "RESOLVER": "127.0.0.1",
        "UPLOAD_LIMIT": "201m",
        "CALLER_RATE": "200",
        "ADDRESS_RATE": "2000",
        "SNIPPETS": str(run / "snippets"),
        "ACME_ROOT": str(run / "acme"),
        "TLS_CERTIFICATE": str(folder / "fullchain.pem"),
        "TLS_KEY": str(folder / "privkey.pem"),
        **values,
    }
    places = {"PATH": os.environ["PATH"], "RUN_DIR": str(run), "SNIPPET_SOURCE": str(NGINX / "snippets")}
    subprocess.run(["/bin/sh", str(NGINX / "entrypoint/15-prepare.sh")], env={**filled, **places}, check=True)
    (run / "acme").mkdir()
    site = NGINX / ("templates-tls" if tls else "templates") / "20-site.conf.template"
    for template in (NGINX / "templates/10-http.conf.template", site):
        text = template.read_text(encoding="utf-8").replace("/tmp/ohmatdyt", str(run))
        for name, value in filled.items():
            text = text.replace("${" + name + "}", value)
        (run / "conf" / template.stem).write_text(text, encoding="utf-8")
    main = (NGINX / "nginx.conf").read_text(encoding="utf-8").replace("/tmp/ohmatdyt", str(run))
    (run / "nginx.conf").write_text(main, encoding="utf-8")
    account = " user root;" if os.geteuid() == 0 else ""
    return [
        program.stdout.strip(),
        "-p",
        str(run),
        "-c",
        str(run / "nginx.conf"),
        "-g",
        f"daemon off;{account}",
    ]
