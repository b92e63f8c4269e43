"""A container engine: the one that runs here or, as root on Debian, one unpacked from packages beside the system.

Nothing is installed: packages are unpacked into a folder, and the daemon keeps everything it has in it.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

_PATIENCE_S = 60
# From the next release when this one is older: Compose 2.24.4 is needed. What needs a C library of its own comes from
# this machine's release.
_SUITE = "trixie"
_NEWER = ("docker.io", "docker-cli", "docker-compose", "docker-buildx", "containerd", "tini", "debootstrap")
_OWN = (
    "runc", "iptables", "libxtables12", "libip4tc2", "libip6tc2", "libmnl0", "libnftnl11", "libnetfilter-conntrack3",
    "libnfnetlink0", "libseccomp2",
)  # fmt: skip
# Networks that a virtual machine or a hospital rarely has; smaller packets, because tunnels cut them.
_NETWORK = ("--bip", "172.29.0.1/24", "--default-address-pool", "base=172.28.0.0/16,size=24", "--mtu", "1400")


class ImagesError(Exception):
    """What could not be done, in a sentence."""


class Engine:
    """Runs `docker`; `folder` holds what was brought along."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = dict(os.environ)
        self.brought = False
        self._daemon: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str, check: bool = True, **options: object) -> subprocess.CompletedProcess[str]:
        """`docker …` with its output; raises `ImagesError` with what it said."""
        done = subprocess.run(
            ["nice", "-n", "5", "docker", *arguments],
            env=self.env, capture_output=True, text=True, check=False, **options,  # type: ignore[call-overload]
        )  # fmt: skip
        if check and done.returncode != 0:
            raise ImagesError(f"docker {' '.join(arguments[:6])}: {(done.stderr or done.stdout)[-1500:]}")
        return done  # type: ignore[no-any-return]

    def find(self) -> bool:
        """Whether an engine with Compose answers already."""
        if shutil.which("docker", path=self.env["PATH"]) is None:
            return False
        answers = self.run("version", check=False).returncode == 0
        return answers and self.run("compose", "version", check=False).returncode == 0

    def bring(self) -> None:
        """Unpack one and start it."""
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise ImagesError("no container engine answers, and only root on Debian can bring one along")
        root = self.folder / "engine"
        if not (root / "usr/sbin/dockerd").exists():
            self._unpack(root)
        libraries = root / "usr/lib" / f"{os.uname().machine}-linux-gnu"
        plugins = self.folder / "docker-config/cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        for plugin in (root / "usr/libexec/docker/cli-plugins").iterdir():
            (plugins / plugin.name).unlink(missing_ok=True)
            (plugins / plugin.name).symlink_to(plugin)
        self.env |= {
            "PATH": f"{root}/usr/sbin:{root}/usr/bin:{self.env['PATH']}:/usr/sbin:/sbin",
            "LD_LIBRARY_PATH": str(libraries),
            "XTABLES_LIBDIR": str(libraries / "xtables"),
            "DOCKER_HOST": f"unix://{self.folder}/run/docker.sock",
            "DOCKER_CONFIG": str(self.folder / "docker-config"),
            "DEBOOTSTRAP_DIR": str(root / "usr/share/debootstrap"),
        }
        self.brought = True
        self.start()

    def start(self) -> None:
        """Start the daemon that was brought along, and wait until it answers."""
        run = self.folder / "run"
        run.mkdir(parents=True, exist_ok=True)
        places = (
            "--data-root",
            f"{self.folder}/data",
            "--exec-root",
            f"{run}/exec",
            "--pidfile",
            f"{run}/docker.pid",
        )
        with (self.folder / "dockerd.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                ["nice", "-n", "5", "dockerd", *places, "--host", self.env["DOCKER_HOST"], *_NETWORK],
                env=self.env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE_S
        while self.run("version", check=False).returncode != 0:
            if time.monotonic() > deadline or self._daemon.poll() is not None:
                raise ImagesError(f"the engine does not start: {self.folder}/dockerd.log says why")
            time.sleep(0.3)

    def stop(self) -> None:
        """End the daemon that was brought along; the containers that it runs end with it."""
        if self._daemon and self._daemon.poll() is None:
            self._daemon.terminate()
            self._daemon.wait(90)

    def _unpack(self, root: Path) -> None:
        """Fetch packages with an apt state of its own: neither lists nor locks of the machine are touched."""
        apt = self.folder / "apt"
        for name in ("state/lists/partial", "cache/archives/partial", "sources", "debs"):
            (apt / name).mkdir(parents=True, exist_ok=True)
        (apt / "state/status").touch()
        own = _codename()
        (apt / "sources/debian.sources").write_text(
            f"Types: deb\nURIs: {mirror()}\nSuites: {' '.join({_SUITE, own})}\nComponents: main\n"
            "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
        )
        configuration = apt / "apt.conf"
        configuration.write_text(
            f'Dir::State "{apt}/state"; Dir::State::status "{apt}/state/status"; Dir::Cache "{apt}/cache";\n'
            f'Dir::Etc::SourceList "/dev/null"; Dir::Etc::SourceParts "{apt}/sources"; APT::Sandbox::User "root";\n'
            'Acquire::Languages "none";\n'
        )
        env = {**os.environ, "APT_CONFIG": str(configuration)}
        wanted = [f"{name}/{_SUITE}" for name in _NEWER] + [f"{name}/{own}" for name in _OWN]
        for command in (["apt-get", "update", "-q"], ["apt-get", "download", "-q", *wanted]):
            done = subprocess.run(
                command, cwd=apt / "debs", env=env, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise ImagesError(f"{' '.join(command[:2])}: {done.stderr[-800:]}")
        root.mkdir(exist_ok=True)
        for package in sorted((apt / "debs").glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
        for family in ("iptables", "ip6tables"):
            for tail in ("", "-save", "-restore"):
                (root / f"usr/sbin/{family}{tail}").unlink(missing_ok=True)
                (root / f"usr/sbin/{family}{tail}").symlink_to(f"{family}-nft{tail}")


def _codename() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return next(line.split("=")[1].strip('"') for line in lines if line.startswith("VERSION_CODENAME="))


def mirror() -> str:
    """Where this machine's own packages come from."""
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    found = next((site for site in said if "debian" in site and "security" not in site), None)
    if found is None:
        raise ImagesError("no Debian mirror is set up on this machine")
    return found
