"""A window as an engine sees it, for tests of the control protocol (docs/desktop.md)."""

import json
import socket


class Window:
    """One end of the control protocol."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rw", encoding="utf-8")
        self.hello = json.loads(self.lines.readline())
        self.last = 0

    def ask(self, **command):
        self.last += 1
        self.lines.write(json.dumps({"id": self.last, **command}) + "\n")
        self.lines.flush()
        answer = json.loads(self.lines.readline())
        assert answer["id"] == self.last, answer
        return answer

    def close(self):
        self.lines.close()
        self.socket.close()
