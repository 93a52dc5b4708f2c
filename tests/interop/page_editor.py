#!/usr/bin/env python3
"""A phone's pages as another firmware would show them: stands before the phone, in the phone's namespace, hands requests on,
and edits the answers as the orders say that it is given on its input, one JSON object per line.

    {"edit": [[PATTERN, REPLACEMENT], ...], "head": {NAME: VALUE}, "silent_after": N}

`edit` holds for the text of pages, `head` adds header fields, and after N more requests nothing is answered until other orders
come. It says `orders taken` for each, and `silent: TARGET` for each request that it does not answer.
"""

import http.client
import http.server
import json
import re
import sys
import threading

HOP = {"connection", "content-length", "transfer-encoding"}


class Editor(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    orders = {}
    taken = threading.Condition()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.taken:
            orders, left = Editor.orders, Editor.orders.get("silent_after")
            if left == 0:
                print(f"silent: {self.path}", flush=True)
                self.taken.wait_for(lambda: Editor.orders is not orders)
                self.close_connection = True
                return
            if left:
                orders["silent_after"] = left - 1
        phone = http.client.HTTPConnection(*self.server.phone, timeout=30)
        try:
            phone.request(self.command, self.path, body or None, dict(self.headers.items()))
            reply = phone.getresponse()
            text = reply.read().decode("utf-8")
        except (OSError, http.client.HTTPException):  # a phone without power
            self.close_connection = True
            return
        for pattern, replacement in orders.get("edit", ()):
            text = re.sub(pattern, replacement, text, flags=re.S)
        self.send_response_only(reply.status, reply.reason)
        head = [(name, value) for name, value in reply.getheaders() if name.lower() not in HOP]
        for name, value in [*head, *orders.get("head", {}).items(), ("Connection", "close"), ("Content-Length", len(text.encode()))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Editor)
    server.daemon_threads = True
    server.phone = (sys.argv[3], int(sys.argv[4]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        with Editor.taken:
            Editor.orders = json.loads(line)
            Editor.taken.notify_all()
        print("orders taken", flush=True)


if __name__ == "__main__":
    main()
