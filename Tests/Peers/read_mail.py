"""Prints as JSON what Python's mail parser reads in the mail of a file."""

import email
import email.policy
import json
import pathlib
import sys

content = pathlib.Path(sys.argv[1]).read_bytes()
# As text, since header fields may be UTF-8 (RFC 6532), which the parser of bytes takes for a defect.
mail = email.message_from_string(content.decode(), policy=email.policy.default)
parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


def plain(text):
    """The text with the UTF-8 that a header held as it is (RFC 6532), which the parser keeps as surrogates."""
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def addresses(name):
    return [{"name": plain(one.display_name), "address": plain(one.addr_spec)} for one in mail[name].addresses]


print(
    json.dumps(
        {
            "ascii": content.isascii(),
            "from": addresses("From"),
            "to": addresses("To"),
            "headers": [[name, plain(value)] for name, value in mail.items()],
            "structure": [part.get_content_type() for part in mail.walk()],
            "text": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "defects": [plain(defect) for part in mail.walk() for defect in part.defects]
            + [plain(defect) for value in mail.values() for defect in value.defects],
        }
    )
)
