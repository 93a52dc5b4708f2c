"""The program on a terminal of a test's own."""

import os
import pty
import re
import signal
import subprocess
import termios

from rig_process import PHONERIG, RigTest


def plain(sent):
    """What a terminal was sent, without its commands."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent)


class TerminalTest(RigTest):
    def on_a_terminal(self, *words, seen=None, lines=12, columns=100):
        """Everything that a terminal of that size was sent, until the program ended: by itself, or by Ctrl-C once
        `seen` says of it that it is enough."""
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(ours, (lines, columns))
        process = subprocess.Popen(
            [PHONERIG, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": ""},
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(theirs)
        sent = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            sent += piece
            if seen and seen(sent.decode("utf-8", "replace")):
                process.send_signal(signal.SIGINT)
                seen = None
        os.close(ours)
        return process.wait(60), sent.decode("utf-8", "replace")

    def assertShown(self, sent, pattern):
        text = plain(sent)
        self.assertTrue(re.search(pattern, text), f"no {pattern!r} in …{text[-1500:]}")
