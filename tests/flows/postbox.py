"""Where messages arrive in tests: a webhook and a mail server on loopback."""

import json
import socketserver
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Webhook(ThreadingHTTPServer):
    """`got` holds the messages; it answers with `status`, and before that calls `before`."""

    daemon_threads = True

    def __init__(self):
        self.got = []
        self.status = 200
        self.before = lambda: None
        super().__init__(("127.0.0.1", 0), Hook)

    @property
    def url(self):
        return f"json://user:canary-5d0e@127.0.0.1:{self.server_address[1]}/in"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.before()
        if self.server.status == 200:
            self.server.got.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        return


class Mailbox(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP to take letters; `got` holds them parsed."""

    daemon_threads = True

    def __init__(self):
        self.got = []
        super().__init__(("127.0.0.1", 0), Letter)

    @property
    def url(self):
        port = self.server_address[1]
        return f"mailto://127.0.0.1:{port}?from=vigie@maison.example&to=lea@maison.example&mode=insecure"

    __enter__ = Webhook.__enter__
    __exit__ = Webhook.__exit__


class Letter(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line.split(maxsplit=1)[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                text = b"".join(one.removeprefix(b".") for one in lines)
                self.server.got.append(message_from_bytes(text, policy=policy.default))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 done\r\n")
            if word == b"QUIT":
                return
