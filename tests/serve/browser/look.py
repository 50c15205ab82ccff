#!/usr/bin/env python3
"""Every view of zoneval serve in Chromium (views.mjs says what must hold).

usage: look.py COMMAND SOURCE [SCREENS]

SCREENS is a folder for a picture of each view, to be looked at. Ends with 77, skipped, where Chromium or Node is absent:
script/setup --browser installs both."""
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from serving import make_store, serve  # noqa: E402

COMMAND, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SCREENS = sys.argv[3] if len(sys.argv) > 3 else ""

absent = [name for name in ("chromium", "node") if not shutil.which(name)]
if not (HERE / "node_modules/playwright-core").is_dir():
    absent.append("the packages of package-lock.json")
if absent:
    print(f"skipped: {', '.join(absent)} not there; script/setup --browser installs what is missing")
    sys.exit(77)
if SCREENS:
    pathlib.Path(SCREENS).mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    make_store(COMMAND, SOURCE, f"{folder}/zones.sqlite")
    server, address = serve(COMMAND, f"{folder}/zones.sqlite")
    try:
        looked = subprocess.run(["node", HERE / "views.mjs", address, SCREENS], check=False, timeout=1200)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
sys.exit(looked.returncode)
