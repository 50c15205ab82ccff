#!/usr/bin/env python3
"""zoneval serve over HTTP, as programs meet it.

usage: over_http.py COMMAND SOURCE

Makes the example's store, serves it, holds answers against the schemas of /api/openapi.json, and looks at what only the network
shows: other methods and names, the address it listens on, a port that is taken, the end by an interrupt."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

import jsonschema

from serving import make_store, serve

COMMAND, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
failures = []


def check(what, holds):
    if not holds:
        failures.append(what)


def ask(port, target, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, target, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def answers_are_as_described(port):
    status, _, body = ask(port, "/api/openapi.json")
    check("the description is there", status == 200)
    described = json.loads(body)
    check("it is OpenAPI 3.1", described["openapi"].startswith("3.1"))
    run = json.loads(ask(port, "/api/runs")[2])["runs"][-1]["run"]
    asked = {"/api/openapi.json": "", "/api/runs": "", "/api/runs/{run}/results": "?limit=20",
             "/api/runs/{run}/records/{record}": "?lang=ja", "/api/runs/{run}/records/{record}/why-not": "?outcome=commend",
             "/api/runs/{run}/what-if": "?set=Invented-W35.GDP%20%3D%20512", "/api/verify": f"?run={run}"}
    check("every path is asked for", set(asked) == set(described["paths"]))
    for path, query in asked.items():
        status, headers, body = ask(port, path.format(run=run, record="Invented-W35") + query)
        check(f"{path} answers 200", status == 200)
        schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        try:
            jsonschema.Draft202012Validator({**schema, "components": described["components"]}).validate(json.loads(body))
        except (jsonschema.ValidationError, ValueError) as error:
            failures.append(f"{path} is not as described: {error}")
        check(f"{path} is JSON", headers["Content-Type"] == "application/json")
    for target in ("/api/runs/999/results", "/api/runs/1/what-if", "/api/runs/1/records/nobody"):
        status, _, body = ask(port, target)
        check(f"{target} is refused", status in (400, 404))
        jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Refused", "components": described["components"]}).validate(
            json.loads(body))


def only_reading_is_answered(port):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        status, headers, _ = ask(port, "/", method)
        check(f"{method} is refused", status == 405 and headers["Allow"] == "GET, HEAD")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", body="GET /api/runs HTTP/1.1\r\nHost: localhost\r\n\r\n")
    check("a body is no second request", connection.getresponse().status == 405)
    status, headers, body = ask(port, "/", "HEAD")
    check("HEAD has headers alone", status == 200 and body == b"" and int(headers["Content-Length"]) > 1000)
    check("another name is refused", ask(port, "/", Host="zones.example.org")[0] == 421)
    check("localhost is answered", ask(port, "/", Host=f"localhost:{port}")[0] == 200)
    status, headers, _ = ask(port, "/runs/1")
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        check(f"{name} is sent", name in headers)


def only_here(port):
    for address in {a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}:
        if address.startswith("127."):
            continue
        with socket.socket() as other:
            other.settimeout(2)
            check(f"nobody listens on {address}", other.connect_ex((address, port)) != 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "zones.sqlite")
        make_store(COMMAND, SOURCE, store, "2023..2024")
        server, address = serve(COMMAND, store)
        port = int(address.rsplit(":", 1)[1].strip("/"))
        try:
            answers_are_as_described(port)
            only_reading_is_answered(port)
            only_here(port)
            taken = subprocess.run([COMMAND, "serve", "--store", store, "--port", str(port)], capture_output=True, text=True,
                                   check=False, timeout=60)
            check("a taken port is said so", taken.returncode == 2 and f"port {port}" in taken.stderr)
        finally:
            server.send_signal(signal.SIGINT)
        check("an interrupt ends it, and all is fine", server.wait(timeout=30) == 0)
        check("it said nothing wrong", server.stderr.read() == "")
        gone = subprocess.run([COMMAND, "serve", "--store", store + ".none"], capture_output=True, text=True, check=False, timeout=60)
        check("a store that is not there is said so", gone.returncode == 4 and "no such store" in gone.stderr)
    for failure in failures:
        print("not so:", failure)
    sys.exit(1 if failures else 0)


main()
