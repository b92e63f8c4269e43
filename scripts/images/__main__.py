"""`make images`: build every image and walk compose for real: first start, a case over TLS, update under people, loss
of everything and restore, restart. Minutes, not part of `make test`. It says what it proved and what it could not.

The engine is the one that answers here; as root on Debian, one is brought along and taken away again.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from scripts.images import bases, walk
from scripts.images.engine import Engine, ImagesError
from scripts.images.installation import Installation
from scripts.visitor import SmokeError


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="keep engine, base images and logs here for the next time"
    )
    parser.add_argument("--no-build", action="store_true", help="walk with the images that the engine has")
    parser.add_argument(
        "--only", default="", help="steps to go after the first start, by comma: one_case,loss"
    )
    options = parser.parse_args()
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="ohmatdyt-images-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    # Whoever ends it finds the machine as it was: the engine and its containers go too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return _all(Engine(folder), folder, build=not options.no_build, only=options.only)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def _all(engine: Engine, folder: Path, *, build: bool, only: str) -> int:
    desk = None
    try:
        if not engine.find():
            engine.bring()
            tell("brought an engine along from Debian's packages")
        if made := bases.provide(engine):
            tell(f"COULD NOT pull {', '.join(made)}: proved with stand-ins of Debian's packages instead")
        if engine.run("volume", "ls", "--quiet", "--filter", "name=ohmatdyt_").stdout.strip():
            print(
                "FAILED: an installation lives in this engine already; its data is not touched",
                file=sys.stderr,
            )
            return 1
        desk = Installation(engine, folder / "desk")
        wanted = set(filter(None, only.split(","))) | {"first_start"}
        for step in (walk.build, *walk.STEPS) if build else walk.STEPS:
            if not only or step.__name__ in wanted | {"build"}:
                step(desk, tell)
    except (ImagesError, SmokeError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    else:
        print("images: ok")
        return 0
    finally:
        if desk:
            desk.compose("down", "--volumes", check=False)
        engine.stop()


def tell(sentence: str) -> None:
    """One line of what was found."""
    print(f"  {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
