"""The OpenAPI document and the schemas of the events, which must say the same.

Usage: api_document.py write DOCUMENT EVENTS   puts the schemas of the folder EVENTS into the document, and lays it out
       api_document.py check DOCUMENT EVENTS   prints what is wrong with the document, a line each
"""

import json
import pathlib
import sys

WIDTH = 120
SCHEMA = "#/components/schemas/"
EVENT = "urn:gatepost:schema:events:"


def components_of_events(folder):
    """The schemas of the folder as components: what they define becomes a component that all of them share."""
    components = {}
    for path in sorted(folder.glob("*.json")):
        schema = json.loads(path.read_text())
        name = schema["$id"].removeprefix(EVENT)
        names = {"data": name + ".data"}
        definitions = schema.pop("$defs", {})
        for key in ("$schema", "$id"):
            del schema[key]
        for key, value in {name: schema, **{names.get(key, key): value for key, value in definitions.items()}}.items():
            value = with_references_to_components(value, names)
            if components.setdefault(key, value) != value:
                raise SystemExit(f"{path} defines {key} otherwise than another type does.")
    return components


def with_references_to_components(value, names):
    if isinstance(value, list):
        return [with_references_to_components(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: with_references_to_components(item, names) for key, item in value.items()}
    target = value.get("$ref")
    if isinstance(target, str) and target.startswith("#/$defs/"):
        name = target.removeprefix("#/$defs/")
        value["$ref"] = SCHEMA + names.get(name, name)
    elif isinstance(target, str) and target.startswith(EVENT):
        value["$ref"] = SCHEMA + target.removeprefix(EVENT)
    return value


def with_events(document, folder):
    schemas = document["components"]["schemas"]
    events = components_of_events(folder)
    rest = {name: schema for name, schema in schemas.items() if name not in events and not is_of_event(name)}
    return {**document, "components": {**document["components"], "schemas": {**events, **rest}}}


def is_of_event(name):
    return name.startswith("auth.")


def laid_out(value, indent=0, taken=0):
    """JSON with a member a line, but for what fits on one line."""
    line = on_one_line(value)
    if len(line) + taken <= WIDTH or not isinstance(value, (dict, list)):
        return line
    heads = [on_one_line(key) + ": " for key in value] if isinstance(value, dict) else [""] * len(value)
    items = value.values() if isinstance(value, dict) else value
    inner = indent + 2
    lines = [" " * inner + head + laid_out(item, inner, inner + len(head) + 1) for head, item in zip(heads, items)]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return first + "\n" + ",\n".join(lines) + "\n" + " " * indent + last


def on_one_line(value):
    if isinstance(value, dict) and value:
        members = (json.dumps(key, ensure_ascii=False) + ": " + on_one_line(item) for key, item in value.items())
        return "{ " + ", ".join(members) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(on_one_line(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def closed(value):
    """The same with no members but those that are named, wherever an object does not say otherwise.

    Clients must expect new members; a test must not find one that nobody has described.
    """
    if isinstance(value, list):
        return [closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: item if key in ("example", "examples") else closed(item) for key, item in value.items()}
    if value.get("type") == "object" and "properties" in value:
        value.setdefault("additionalProperties", False)
    return value


def faults(document, text, folder):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    if laid_out(with_events(document, folder)) + "\n" != text:
        yield "It is not as `make openapi` writes it: an event's schema differs, or the layout."
    for error in OpenAPIV31SpecValidator(document).iter_errors():
        yield f"OpenAPI: {'/'.join(map(str, error.absolute_path))}: {error.message}"
    yield from faults_of_examples(closed(document))
    for name in document["components"]["schemas"]:
        if SCHEMA + name + '"' not in text and f"`{name}`" not in text:
            yield f"Nothing refers to the schema {name}."


def faults_of_examples(document):
    import jsonschema
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    registry = Registry().with_resource("urn:document", Resource(contents=document, specification=DRAFT202012))
    formats = jsonschema.FormatChecker(formats=["ipv4", "ipv6", "date", "date-time"])
    for pointer, media in media_types(document, ""):
        schema = {"$ref": f"urn:document#{pointer}/schema"}
        validator = jsonschema.Draft202012Validator(schema, registry=registry, format_checker=formats)
        examples = [example["value"] for example in media.get("examples", {}).values()]
        for example in examples + ([media["example"]] if "example" in media else []):
            for error in validator.iter_errors(example):
                yield f"Example in {pointer}: {error.message}"


def media_types(value, pointer):
    """What stands under `content`, each with its JSON Pointer."""
    if isinstance(value, list):
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        inner = pointer + "/" + key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        if key == "content":
            for name, media in item.items():
                yield inner + "/" + name.replace("/", "~1"), media
        elif key not in ("example", "examples"):
            yield from media_types(item, inner)


def main(command, path, events):
    path, folder = pathlib.Path(path), pathlib.Path(events)
    text = path.read_text()
    document = json.loads(text)
    if command == "write":
        path.write_text(laid_out(with_events(document, folder)) + "\n")
    else:
        for fault in faults(document, text, folder):
            print(fault)


if __name__ == "__main__":
    main(*sys.argv[1:])
