"""The shipped nginx configuration, filled in for this machine the way a server without containers does it."""

import os
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ohmatdyt.core import clock

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
    given = {
        "PATH": os.environ["PATH"],
        "NGINX": program.stdout.strip(),
        "SITE": "templates-tls" if tls else "templates",
        "WEB_ROOT": str(web),
        "CALLER_RATE": "200",
        "ADDRESS_RATE": "2000",
        "ACME_ROOT": str(run / "acme"),
        "TLS_CERTIFICATE": str(folder / "fullchain.pem"),
        "TLS_KEY": str(folder / "privkey.pem"),
        **values,
    }
    subprocess.run(["/bin/sh", str(NGINX / "render.sh"), str(run)], env=given, check=True)
    (run / "acme").mkdir()
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


def certificate(folder: Path) -> None:
    """Write fullchain.pem and privkey.pem, signed by nobody else, for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now.replace(year=now.year + 1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
