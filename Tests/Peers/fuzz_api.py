"""Holds a server that runs against the OpenAPI document, with schemathesis.

Usage: fuzz_api.py DOCUMENT URL TOKEN FACTS SEED FOLDER short|long

TOKEN has all scopes. FACTS is JSON: the token's id as token, gateways by channel, and challenges as an array of id, email
and code, of sign-ups that are not verified yet. What the server answered otherwise than the document says is printed, and
the exit code is then 1. FOLDER is for files of the run. A long run takes several minutes and also follows links.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys

from api_document import SCHEMA, closed

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
]

CONFIGURATION = """
[cache]
enabled = false

[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 413, 415, 422]
missing_required_header.expected-statuses = [401, 415, 422]
"""

# In a short run each mode has one type of events: one with a code, and the one without.
SHORT = {"structured": ["auth.sign_up"], "binary": ["auth.notice"]}


def derived(document, is_long):
    """The document as it is fuzzed."""
    document = closed(document)
    document = whole(document, document["components"]["schemas"])
    paths, schemas = document["paths"], document["components"]["schemas"]
    types = list(schemas["event"]["discriminator"]["mapping"])
    # Modes and types of events differ in body and header fields. What is behind # tells them apart and is not sent.
    post = paths.pop("/v1/events")["post"]
    # What a gateway has to sign is not found at random.
    for path in [path for path in paths if path.startswith("/v1/receipts/")]:
        del paths[path]
    # It waits for carriers, and who claims at random takes what it waits for and never settles.
    del paths["/v1/gateways/probe"]
    if not is_long:
        # To find addresses by their patterns takes minutes; fuzz_hooks.py knows some.
        schemas["email"] = {"type": "string", "format": "mail-address"}
        schemas["ip"] = {"type": "string", "format": "internet-address"}
    # Each event of a batch is judged for itself: what is no event does not make the request a bad one.
    batch = {**schemas["batch"], "items": {}}
    paths["/v1/events#batch"] = {"post": of_mode(post, "application/cloudevents-batch+json", batch)}
    for type in types if is_long else SHORT["structured"]:
        operation = of_mode(post, "application/cloudevents+json", {"$ref": SCHEMA + type})
        paths["/v1/events#structured-" + type] = {"post": operation}
    for type in types if is_long else SHORT["binary"]:
        operation = of_mode(post, "application/json", {"$ref": SCHEMA + type + ".data"})
        operation["parameters"] = [of_type(field, type) for field in post["parameters"]]
        paths["/v1/events#binary-" + type] = {"post": operation}
    return document


def whole(value, schemas):
    """The same with the schema in the place of a reference that has more to say: schemathesis does not hear the rest."""
    if isinstance(value, list):
        return [whole(item, schemas) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: whole(item, schemas) for key, item in value.items()}
    target = value.get("$ref", "")
    if len(value) > 1 and isinstance(target, str) and target.startswith(SCHEMA):
        schema = whole(schemas[target.removeprefix(SCHEMA)], schemas)
        rest = {key: item for key, item in value.items() if key != "$ref"}
        if all(key == "description" or key not in schema for key in rest):
            return {**schema, **rest}
    return value


def of_mode(post, media_type, schema):
    """The operation with one media type, and without the header fields of binary mode."""
    media = {**post["requestBody"]["content"][media_type], "schema": schema}
    operation = {name: member for name, member in copy.deepcopy(post).items() if name != "parameters"}
    operation["operationId"] += "-" + schema.get("$ref", media_type).rpartition("/")[2]
    operation["requestBody"]["content"] = {media_type: media}
    return operation


def of_type(field, type):
    """A header field of binary mode as an event of the type must have it."""
    is_required = field["name"] in ("ce-specversion", "ce-id", "ce-source", "ce-type")
    schema = {"const": type} if field["name"] == "ce-type" else field["schema"]
    return {**field, "required": is_required, "schema": schema}


def main(path, url, token, facts, seed, folder, length):
    is_long = length == "long"
    folder = pathlib.Path(folder)
    document = folder / "openapi.json"
    document.write_text(json.dumps(derived(json.loads(pathlib.Path(path).read_text()), is_long)))
    configuration = folder / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    hooks = pathlib.Path(__file__).with_name("fuzz_hooks.py")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run", str(document)]
    command += ["--url", url, "--header", "Authorization: Bearer " + token, "--checks", ",".join(CHECKS)]
    command += ["--max-examples", "100" if is_long else "5", "--seed", seed, "--no-shrink", "--continue-on-failure"]
    command += ["--phases", "examples,coverage,fuzzing" + (",stateful" if is_long else "")]
    command += ["--suppress-health-check", "all", "--request-timeout", "30", "--warnings", "off"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(hooks), "FUZZ_FACTS": facts, "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
