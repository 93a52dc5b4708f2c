"""bench_hands.cpp, run once: what hwbridge/drive and hwbridge/power do to servers that others wrote."""

import os
import subprocess

from phones import LIMIT

HANDS = os.environ.get("PHONERIG_HANDS_BIN", "")


def hands(*words, prefix=()):
    """Exit status, and what it printed or complained."""
    done = subprocess.run([*prefix, HANDS, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", timeout=LIMIT, check=False)  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).rstrip("\n")
