"""What the benchmarks share: the program, folders to work in, runs that are timed, and how a promise is reported."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from socket import socket

ROOT = Path(__file__).resolve().parent.parent


def program():
    """The optimised program: the one that TEPAT_PROGRAM names, else the repository's own build."""
    path = Path(os.environ.get("TEPAT_PROGRAM", ROOT / ".build/release/tepat"))
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is not there: run swift build -c release --product tepat first")
    return str(path)


def environment():
    """The caller's own, without the database and the keys of a registry that is in use."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEPAT_")}
    return {**kept, "TEPAT_HOME": os.environ.get("TEPAT_HOME", str(ROOT))}


def tepat(*arguments, database=None):
    """Runs a command, and returns the JSON object that it prints."""
    command = [program(), *map(str, arguments), "--json"]
    if database is not None:
        command += ["--database", f"sqlite:{database}"]
    done = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def folder():
    """A folder that is removed afterwards; on the disk that TMPDIR names."""
    path = Path(tempfile.mkdtemp(prefix="tepat-bench."))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port():
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def server(port, *arguments, database, patience=120):
    """Starts a command that serves, waits until it says that it is well, and stops it afterwards.

    Yields how many seconds that took.
    """
    command = [program(), *map(str, arguments), "--port", str(port), "--database", f"sqlite:{database}"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not is_well(port):
            if process.poll() is not None:
                sys.exit(f"{' '.join(command)}: ended with exit status {process.returncode} before it served")
            if time.perf_counter() - begun > patience:
                sys.exit(f"{' '.join(command)}: does not answer after {patience} s")
            time.sleep(0.02)
        yield time.perf_counter() - begun
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def is_well(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def median(values):
    return percentile(values, 50)


def percentile(values, percent):
    """The smallest value that at least so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def report(name, figures, promise, holds):
    """Prints one line, and returns whether the promise holds."""
    print(f"{name}: {figures} – promise: {promise} – {'holds' if holds else 'BROKEN'}", flush=True)
    return holds


def finish(held):
    """Ends the benchmark: exit status 1 where a promise is broken."""
    sys.exit(0 if held else 1)
