"""Drains queues of others to a mail sink: what `gatepost bench` reaches is to be seen beside them, on the same machine.

Each job is 300 bytes without any policy. A worker takes one, hands it to Postfix's smtp-sink over a connection that it keeps,
its commands pipelined, and acknowledges it; all are counted. What takes five minutes to be filled or drained fails.
"""

import argparse
import contextlib
import multiprocessing
import os
import socket
import subprocess
import tempfile
import time

JOB = "x" * 300
PATIENCE = 300


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


SINK, BEANSTALK = free_port(), free_port()


class Mail:
    """A connection to the sink."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", SINK))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.replies = self.socket.makefile("rb")
        self.reply()
        self.socket.sendall(b"EHLO peer.example\r\n")
        self.reply()

    def reply(self):
        while (line := self.replies.readline())[3:4] == b"-":
            pass
        return line[:1]

    def send(self, text):
        self.socket.sendall(b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n")
        assert [self.reply() for _ in range(3)] == [b"2", b"2", b"3"]
        self.socket.sendall(b"From: a@example.com\r\nSubject: x\r\n\r\n" + text.encode() + b"\r\n.\r\n")
        assert self.reply() == b"2"


class Huey:
    """SqliteHuey, its commits synced: what was taken and is not done yet is lost with its worker."""

    is_synced = True

    def __init__(self, folder):
        import huey

        self.queue = huey.SqliteHuey("peer", filename=f"{folder}/huey.db", results=False, fsync=self.is_synced)
        self.mail = None
        self.task = self.queue.task(name="mail")(lambda text: self.mail.send(text))

    def fill(self, count):
        for _ in range(count):
            self.task(JOB)

    def drain(self):
        self.mail = Mail()
        while (task := self.queue.dequeue()) is not None:
            self.queue.execute(task)
            yield


class HueyLoose(Huey):
    """The same with nothing synced."""

    is_synced = False


class LiteQueue:
    """litequeue on SQLite, as it comes: synced at checkpoints alone."""

    def __init__(self, folder):
        import litequeue

        self.queue = litequeue.LiteQueue(f"{folder}/lite.db")

    def fill(self, count):
        for _ in range(count):
            self.queue.put(JOB)

    def drain(self):
        mail = Mail()
        while (job := self.queue.pop()) is not None:
            mail.send(job.data)
            self.queue.done(job.message_id)
            yield


class Beanstalk:
    """beanstalkd with its binlog, as it comes: synced every 50 ms."""

    def __init__(self, folder):
        import greenstalk

        self.timed_out = greenstalk.TimedOutError
        self.queue = greenstalk.Client(("127.0.0.1", BEANSTALK))

    def fill(self, count):
        for _ in range(count):
            self.queue.put(JOB)

    def drain(self):
        mail = Mail()
        with contextlib.suppress(self.timed_out):
            while True:
                job = self.queue.reserve(timeout=0)
                mail.send(job.body)
                self.queue.delete(job)
                yield


def fill(kind, folder, count):
    kind(folder).fill(count)


def work(kind, folder):
    return sum(1 for _ in kind(folder).drain())


def start(servers, port, *command):
    """Starts a server that ends with the stack, and waits until it listens."""
    server = subprocess.Popen(command)
    servers.callback(server.wait)
    servers.callback(server.kill)
    while server.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.05)
    raise SystemExit(f"{command[0]} ended at once")


def measure(kind, count, workers):
    with tempfile.TemporaryDirectory(dir=".") as folder, contextlib.ExitStack() as servers:
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        start(servers, SINK, "/usr/sbin/smtp-sink", *user, f"127.0.0.1:{SINK}", "1000")
        if kind is Beanstalk:
            start(servers, BEANSTALK, "beanstalkd", "-l", "127.0.0.1", "-p", str(BEANSTALK), "-b", folder)
        with multiprocessing.Pool(workers) as pool:
            # In no process that forks: SQLite's connections do not survive it.
            pool.apply_async(fill, (kind, folder, count)).get(PATIENCE)
            before, begun = stolen(), time.monotonic()
            drained = sum(pool.starmap_async(work, [(kind, folder)] * workers, 1).get(PATIENCE))
            seconds, after = time.monotonic() - begun, stolen()
        if drained != count:
            raise SystemExit(f"{kind.__name__}: {drained} of {count} jobs were done")
        share = 100 * (after[0] - before[0]) / max(1, after[1] - before[1])
        print(f"{kind.__name__:<10} {workers} {count / seconds:8.0f}  {share:5.1f}", flush=True)


def stolen():
    with open("/proc/stat") as stat:
        times = [int(word) for word in stat.readline().split()[1:9]]
    return times[7], sum(times)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--jobs", type=int, default=10_000)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    options = arguments.parse_args()
    print("queue      workers mails/s  stolen %")
    for kind in (Huey, HueyLoose, LiteQueue, Beanstalk):
        for workers in options.workers:
            measure(kind, options.jobs, workers)
