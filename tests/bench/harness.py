# SPDX-License-Identifier: MIT
"""Running, timing and describing: shared by scripts/bench and scripts/scale."""

import datetime
import hashlib
import json
import os
import re
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
WORK = os.path.join(BUILD, "bench")
HUBTRIAGE = os.path.join(BUILD, "hubtriage")
FLEET = os.path.join(ROOT, "tests/bench/fleet.yaml")


class Failed(Exception):
    """A command that did not do its work; the text says why."""


def run(command, stdin=None, env=None):
    """Seconds of wall time and CPU, and peak memory, of one command and what it starts. Its output is dropped but for a few lines."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile("r") as peak:
        begin = time.monotonic()
        # A child begins with the memory of its parent, so the figure is of time(1), which is small, and not of Python.
        process = subprocess.Popen(["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name, *command], stdin=stdin, stdout=out, stderr=err, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            lines = err.read(4000).decode(errors="replace").strip().splitlines() or ["exit status %d" % process.returncode]
            raise Failed(next((line for line in lines if "rror: " in line), lines[0])[:200])
        return {
            "wall_s": round(wall, 4),
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 4),
            "rss_bytes": int(peak.read()) * 1024,
        }, out.read(65536).decode(errors="replace")


def medians(samples):
    return {key: round(statistics.median(sample[key] for sample in samples), 4) for key in samples[0]}


def ratio(above, below, key="wall_s"):
    """Median, least and greatest of the ratios within the rounds."""
    ratios = [a[key] / max(b[key], 1e-4) for a, b in zip(above, below)]
    return {"median": round(statistics.median(ratios), 3), "min": round(min(ratios), 3), "max": round(max(ratios), 3)}


def warm(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def size_of(text):
    """100MB, 4GB, 1.5GB or a number of bytes; powers of 1000."""
    for suffix, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if text.upper().endswith(suffix):
            return int(float(text[: -len(suffix)]) * factor)
    return int(text)


def stamp():
    """What generated inputs depend on: another fleet or simulator, another name of the file."""
    text = subprocess.run([HUBTRIAGE, "simulate", FLEET, "--size", "1M"], check=True, capture_output=True).stdout
    with open(FLEET, "rb") as file:
        return hashlib.sha256(file.read() + text).hexdigest()[:8]


def generate(path, arguments, through=None):
    """Made once; through: a command that compresses."""
    if os.path.exists(path):
        return path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "wb") as out:
        maker = subprocess.Popen([HUBTRIAGE, "simulate", *arguments], stdout=subprocess.PIPE if through else out)
        if through:
            subprocess.run(through, stdin=maker.stdout, stdout=out, check=True)
        if maker.wait() != 0:
            raise Failed("simulate failed")
    os.rename(path + ".part", path)
    return path


def counts(path, options=()):
    """Records, events and devices of an input, as the report has them."""
    text = subprocess.run([HUBTRIAGE, "report", "-q", "--config", "/dev/null", "-o", "json", *options, path], check=True, capture_output=True).stdout
    report = json.loads(text)
    return {"records": report["data_quality"]["records"], "events": report["data_quality"]["events"], "devices": report["fleet"]["devices"]}


def command_output(command):
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def about():
    """Date, program and machine."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
        "commit": command_output(["git", "rev-parse", "--short=10", "HEAD"]),
        "changed": bool(command_output(["git", "status", "--porcelain", "--untracked-files=no", "--", "src", "include", "Makefile"])),
        "machine": {"processor": model, "cores": len(os.sched_getaffinity(0)), "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")},
    }


def load():
    """Processes that want to run, over the last minute: ours among them."""
    return round(os.getloadavg()[0], 2)


def save(path, value):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        text = json.dumps(value, indent=1)
        file.write(re.sub(r"\[[-\d.,\s]+\]", lambda found: " ".join(found.group().split()), text) + "\n")
