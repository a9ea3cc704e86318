"""A mail server on loopback that speaks just enough IMAP, and remembers what it was asked."""

import imaplib
import re
import socketserver
import threading

FETCH = re.compile(rb"UID FETCH (\d+) \((\S+)\)")


class Mailserver(socketserver.ThreadingTCPServer):
    """Folders by name, each with its letters; `said` holds the commands without their tags."""

    daemon_threads = True

    def __init__(self, folders, password):
        self.folders = folders
        self.password = password.encode()
        self.said = []
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def client(self, host, port, *, ssl_context, timeout):
        """In place of IMAP4_SSL: the context must be one that checks certificates."""
        assert ssl_context.check_hostname
        return imaplib.IMAP4(host, port, timeout)


class Conversation(socketserver.StreamRequestHandler):
    """One client's commands and their answers."""

    folder = ()

    def handle(self):
        answers = {
            b"CAPABILITY": self.capability, b"LOGIN": self.login, b"EXAMINE": self.examine,
            b"UID": self.uid, b"LOGOUT": self.logout,
        }  # fmt: skip
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.strip().partition(b" ")
            self.server.said.append(command)
            word = command.partition(b" ")[0]
            state = answers.get(word, lambda _: b"BAD")(command)
            self.wfile.write(tag + b" " + (state or b"OK") + b" done\r\n")
            if word == b"LOGOUT":
                return

    def capability(self, _):
        self.wfile.write(b"* CAPABILITY IMAP4REV1\r\n")

    def login(self, command):
        return None if self.server.password in command else b"NO"

    def examine(self, command):
        name = command.partition(b" ")[2].strip(b'"')
        if name not in self.server.folders:
            return b"NO"
        self.folder = self.server.folders[name]
        self.wfile.write(b"* %d EXISTS\r\n* OK [READ-ONLY]\r\n" % len(self.folder))
        return None

    def uid(self, command):
        match = FETCH.match(command)
        if match is None:
            numbers = b" ".join(b"%d" % n for n in range(1, len(self.folder) + 1))
            self.wfile.write(b"* SEARCH " + numbers + b"\r\n")
            return
        letter = self.folder[int(match[1]) - 1]
        head = b"* " + match[1] + b" FETCH ("
        if match[2] == b"RFC822.SIZE":
            self.wfile.write(head + b"RFC822.SIZE %d)\r\n" % len(letter))
        else:
            self.wfile.write(head + b"BODY[] {%d}\r\n" % len(letter) + letter + b")\r\n")

    def logout(self, _):
        self.wfile.write(b"* BYE\r\n")
