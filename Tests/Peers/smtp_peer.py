"""An SMTP server for tests, on 127.0.0.1.

Prints its port on the first line, writes each mail it takes to FOLDER as NUMBER.eml (as received) and NUMBER.json
(envelope, and what Python's mail parser reads in it), prints its number, and serves until it is killed.
"""

import argparse
import asyncio
import email
import email.policy
import json
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=["plain", "starttls", "tls"], default="plain")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--auth", nargs="*", choices=["PLAIN", "LOGIN"], default=[])
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    return parser.parse_args()


class Folder:
    """Keeps what the server takes."""

    def __init__(self, path):
        self.path = path
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "login": session.account if session.authenticated else None,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "text": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
        }
        (self.path / f"{self.count}.eml").write_bytes(envelope.original_content)
        (self.path / f"{self.count}.json").write_text(json.dumps(facts))
        print(self.count, flush=True)
        return "250 2.0.0 Taken"


def context(options):
    if options.mode == "plain":
        return None
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    result.load_cert_chain(options.cert, options.key)
    return result


async def main():
    options = arguments()
    folder = Folder(options.folder)
    tls = context(options)

    def authenticate(server, session, envelope, mechanism, data):
        expected = LoginPassword(options.user.encode(), options.password.encode())
        session.account = data.login.decode()
        return AuthResult(success=data == expected, handled=False)

    def session():
        return SMTP(
            folder,
            hostname="peer.example",
            enable_SMTPUTF8=True,
            tls_context=tls if options.mode == "starttls" else None,
            authenticator=authenticate if options.auth else None,
            auth_required=bool(options.auth),
            auth_require_tls=False,
            auth_exclude_mechanism=[name for name in ["PLAIN", "LOGIN"] if name not in options.auth],
        )

    loop = asyncio.get_running_loop()
    implicit = tls if options.mode == "tls" else None
    server = await loop.create_server(session, "127.0.0.1", options.port, ssl=implicit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
