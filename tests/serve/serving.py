"""The example's store, served: for the tests of this folder."""
import json
import subprocess
import sys

EXAMPLE = "examples/hightech-zones"


def make_store(command, source, store, years="2021..2024"):
    rules = f"{EXAMPLE}/assessment.yaml"
    files = sorted(str(f) for f in (source / EXAMPLE).glob("zones-20*.csv"))
    for line in (["import", "--rules", rules, "--store", store, "--note", "these zones and their figures are invented", *files],
                 ["import", "--rules", rules, "--store", store, "--dataset", "acts", "--note", "these acts are invented",
                  f"{EXAMPLE}/acts.csv"],
                 ["assess", rules, "--store", store, "--year", years]):
        done = subprocess.run([command, *line], cwd=source, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):  # 1: there are findings
            sys.exit(done.stdout + done.stderr)


def serve(command, store, *more):
    """The server and its address."""
    server = subprocess.Popen([command, "serve", "--store", store, "--port", "0", "--format", "json", *more],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    if not line:
        sys.exit("zoneval serve did not start: " + server.stderr.read())
    return server, json.loads(line)["address"]
