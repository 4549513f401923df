"""Asks an HTTP server on a Unix socket as another user of the machine, which takes root.

usage: ask_as.py USER-ID SOCKET METHOD PATH

Prints the status and the body, with a blank between; `none` where the socket cannot be reached.
"""

import http.client
import os
import socket
import sys

user, path, method, target = int(sys.argv[1]), *sys.argv[2:]
connection = http.client.HTTPConnection("localhost", timeout=30)
os.setgroups([])
os.setresgid(user, user, user)
os.setresuid(user, user, user)
connection.sock = socket.socket(socket.AF_UNIX)
try:
    connection.sock.connect(path)
except OSError:
    print("none")
    sys.exit()
connection.request(method, target, "{}" if method == "POST" else None, {"Content-Type": "application/json"})
answer = connection.getresponse()
print(answer.status, answer.read().decode())
