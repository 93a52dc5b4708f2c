"""Apache, with the modules that nginx lacks: Digest authentication and CGI."""

import base64
import glob
import hashlib
import os
import pathlib
import socket

from foreign_servers import _Server, free_port_at, program

MODULES = "/usr/lib/apache2/modules"

CONFIG = """
ServerRoot "{folder}"
ServerName 127.0.0.1
DefaultRuntimeDir "{folder}"
PidFile "{folder}/pid"
Mutex "file:{folder}" default
ErrorLog "{folder}/error.log"
Listen 127.0.0.1:{port}
{modules}
{user}
StartServers 2
DocumentRoot "{folder}/www"
LogFormat "%a|%r|%>s|%{{User-Agent}}i|%u" phones
CustomLog "{folder}/access.log" phones
ScriptAlias /cgi-bin/ "{folder}/cgi-bin/"
{rules}
"""


class Apache(_Server):
    REALM = "phones"

    @classmethod
    def missing(cls):
        if not program("apache2"):
            return "apache2 is missing; install apache2-bin"
        if not glob.glob(f"{MODULES}/mod_auth_digest.so"):
            return f"{MODULES} has no mod_auth_digest.so"
        return None

    def __init__(self, test, rules=""):
        for folder in (test.folder, *test.folder.parents):  # its workers are another user
            if folder.stat().st_uid == os.geteuid() and folder != pathlib.Path("/"):
                if not folder.stat().st_mode & 0o011 == 0o011:
                    folder.chmod(folder.stat().st_mode | 0o011)
        self.folder = test.folder / "apache"
        self.root = self.folder / "www"
        for name in ("www", "cgi-bin"):
            (self.folder / name).mkdir(parents=True)
            (self.folder / name).chmod(0o755)
        self.folder.chmod(0o777)
        self.port = free_port_at("127.0.0.1", socket.SOCK_STREAM)
        self.at = f"127.0.0.1:{self.port}"
        names = ["mpm_prefork", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "auth_digest",
                 "alias", "cgi", "filter", "deflate"]  # fmt: skip
        modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names)
        user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
        config = self.folder / "apache.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port, modules=modules, user=user,
                                        rules=rules.replace("@FOLDER@", str(self.folder))))  # fmt: skip
        self._test = test
        super().__init__(test, "apache2", [program("apache2"), "-f", str(config), "-DFOREGROUND"])
        self.await_start(self._answers)

    def _answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def put(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def account(self, user, password):
        """The files that AuthUserFile names: basic.users and digest.users."""
        sha = base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()
        self.put("basic.users", f"{user}:{{SHA}}{sha}\n")
        hashed = hashlib.md5(f"{user}:{self.REALM}:{password}".encode()).hexdigest()
        self.put("digest.users", f"{user}:{self.REALM}:{hashed}\n")

    def requests(self, address):
        """What the access log has of one phone: (request, status, user agent, user)."""
        text = (self.folder / "access.log").read_text(errors="replace")
        entries = [line.split("|") for line in text[: text.rfind("\n") + 1].splitlines()]
        return [tuple(entry[1:]) for entry in entries if entry[0] == address]
