"""What zoneval says it is made of, and that what was built does not know where. Arguments: the source folder, the build's, its kind."""
import json, pathlib, subprocess, sys

source, build, kind = sys.argv[1:]
words = [f"{source}/script/sbom", "--build", build, f"{build}/zoneval"]
text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
assert text == subprocess.run(words, capture_output=True, text=True, check=True).stdout, "it says something else the second time"
bill = json.loads(text)
assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1)
assert bill["serialNumber"].startswith("urn:uuid:") and bill["metadata"]["component"]["name"] == "zoneval"
components = {c["name"]: c for c in bill["components"]}
assert len(components) == len(bill["components"]) == len({c["bom-ref"] for c in bill["components"]})
assert components["zoneval"]["type"] == "file" and len(components["zoneval"]["hashes"][0]["content"]) == 64
for name, way in (("libsqlite3-0", "shared library"), ("libintelrdfpmath-dev", "archive linked in"), ("libcli11-dev", "headers compiled in"),
                  ("libstdc++6", "shared library"), ("tzdata", "read at run time")):
    assert way in {p["value"] for p in components[name]["properties"]}, f"{name} is not there as {way}"
    assert components[name]["purl"].startswith(f"pkg:deb/debian/{name}@"), components[name]
refs = set(bill["dependencies"][0]["dependsOn"])
assert refs == {c["bom-ref"] for c in bill["components"] if c["type"] != "file"}
assert source not in text and build not in text
if kind == "Release":
    for file in (f"{build}/zoneval", *map(str, pathlib.Path(build, "engine/api").glob("libzoneval.so.*.*.*"))):
        assert source.encode() not in pathlib.Path(file).read_bytes(), f"{file} names the folder it was built in"
print(f"{len(components)} components")
