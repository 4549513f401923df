"""Holds a JSON Schema against test vectors: prints {"name": accepted, ...} as JSON.

Usage: check_schema.py SCHEMA VECTORS
"""

import json
import sys

import jsonschema


def main(schema_path, vectors_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(vectors_path, encoding="utf-8") as file:
        vectors = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    formats = jsonschema.FormatChecker(formats=["ipv4", "ipv6"])
    validator = jsonschema.Draft202012Validator(schema, format_checker=formats)
    verdicts = {vector["name"]: validator.is_valid(vector["event"]) for vector in vectors}
    json.dump(verdicts, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
