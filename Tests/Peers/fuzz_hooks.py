"""What schemathesis knows of the server that it tests, so that it gets further than to refusals; see fuzz_api.py.

A valid value is exchanged for one that means something there, an invalid one is left as it is.
"""

import itertools
import json
import os
import re
from collections.abc import MutableMapping

import schemathesis
from hypothesis import strategies

FACTS = json.loads(os.environ["FUZZ_FACTS"])
CHALLENGES = itertools.cycle(FACTS["challenges"])
COUNT = itertools.count()
CLAIMS = []

MAIL_ADDRESS = r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.example"
schemathesis.openapi.format("mail-address", strategies.from_regex(MAIL_ADDRESS, fullmatch=True))
schemathesis.openapi.format("internet-address", strategies.ip_addresses().map(str))


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body if isinstance(case.body, dict) else {}
    for part in (body, body.get("data")):
        # Another tenant is forbidden whatever else is wrong.
        exchange(part, "tenant", r"[a-z0-9_-]{1,64}", "default")
    if case.path.startswith("/v1/events"):
        # The same again would be a duplicate or a conflict.
        exchange(body, "id", r"[!-~]{1,256}", f"fuzz-{next(COUNT)}")
        exchange(case.headers, "ce-id", r"[!-~]{1,256}", f"fuzz-{next(COUNT)}")
    elif "verify" in case.path or case.path.startswith("/v1/challenges"):
        challenge = next(CHALLENGES)
        exchange(case.path_parameters, "id", r"ch_[0-9a-f]{32}", challenge["id"])
        if next(COUNT) % 2:
            exchange(body, "purpose", r"[a-z_]+", "sign_up")
            exchange(body, "email", r".+\.example|bobby@example\.com", challenge["email"])
            exchange(body, "code", r"[!-~]{1,32}", challenge["code"])
    elif case.path.startswith("/v1/carriers"):
        carry(body)
    elif case.path.startswith("/v1/tokens") and case.method == "DELETE":
        # Without its own token it would learn nothing more.
        for parameters in (case.path_parameters, case.query):
            exchange(parameters, "id", re.escape(FACTS["token"]), "tk_" + 16 * "0")


def carry(body):
    """Claims without a wait at a gateway of the channel, and goes on with what was claimed."""
    channel = body.get("channel")
    if isinstance(channel, str) and channel in FACTS["gateways"] and isinstance(body.get("gateways"), list):
        gateway = FACTS["gateways"][channel]
        body["gateways"] = [gateway if isinstance(name, str) else name for name in body["gateways"]]
    if "carrier" in body and type(body.get("wait_ms", 1)) is int and 0 < body.get("wait_ms", 1) <= 25000:
        body["wait_ms"] = 0
    for name in ("items", "outcomes"):
        for item in body[name] if isinstance(body.get(name), list) else []:
            if CLAIMS:
                exchange(item, "token", r"[^\x00-\x1f]{1,256}", CLAIMS[next(COUNT) % len(CLAIMS)])


def exchange(members, name, valid, value):
    text = members.get(name) if isinstance(members, MutableMapping) else None
    if isinstance(text, str) and re.fullmatch(valid, text):
        members[name] = value


@schemathesis.hook
def after_call(context, case, response):
    if case.path == "/v1/carriers/claim" and response.status_code == 200:
        CLAIMS.extend(claim["token"] for claim in response.json()["claims"])
