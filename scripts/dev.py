"""`make dev`: the API with demo data on :8000, started again when Python changes, and the web interface on :3000.

Ctrl+C ends both.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
API = [str(Path(sys.executable).with_name("ohmatdyt")), "demo", "--port", "8000"]
WEB = ["npm", "run", "--silent", "dev", "--", "--port", "3000"]


def state() -> dict[Path, float]:
    """When each Python file was last written."""
    return {path: path.stat().st_mtime for path in (ROOT / "ohmatdyt").rglob("*.py")}


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def leave(_number: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into the same way out as Ctrl+C."""
    raise KeyboardInterrupt


def main() -> None:
    """Entry point."""
    signal.signal(signal.SIGTERM, leave)
    environment = os.environ | {"API_ORIGIN": "http://localhost:8000"}
    web = subprocess.Popen(WEB, cwd=ROOT / "frontend", env=environment, start_new_session=True)
    api = subprocess.Popen(API, cwd=ROOT, start_new_session=True)
    try:
        known = state()
        while web.poll() is None:
            time.sleep(1)
            if (now := state()) != known:
                known = now
                print("Python changed: starting the API again", flush=True)
                stop(api)
                api = subprocess.Popen(API, cwd=ROOT, start_new_session=True)
    except KeyboardInterrupt:
        pass
    finally:
        stop(web)
        stop(api)


if __name__ == "__main__":
    main()
