#!/usr/bin/env python3
"""phonerig bench: the lease daemon and its clients, as processes."""

import contextlib
import json
import os
import pathlib
import pty
import select
import shlex
import signal
import socket
import subprocess
import sys

from bench_rig import HOLD, INVENTORY, BenchTest
from covers import main
from rig_process import LIMIT, PHONERIG, free_port, run, until


def running(process):
    """Whether it still does something: what nobody has waited for yet does not."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


class LeaseTest(BenchTest):
    def test_a_command_runs_under_a_lease_and_its_exit_code_is_ours(self):
        self.serve()
        code, out, err = self.bench("lease", "--tag", "lobby", "--", sys.executable, "-c",
                                    "import os; print(os.environ['PHONERIG_PHONE'], os.environ['PHONERIG_LEASE'])")
        self.assertEqual((code, out, err), (0, "bob 1\n", ""))
        self.assertEqual(self.bench("lease", "alice", "--", sys.executable, "-c", "raise SystemExit(7)")[0], 7)
        self.assertEqual({name: phone["state"] for name, phone in self.states().items()},
                         {"alice": "free", "bob": "free"})

    def test_a_program_that_is_not_there_is_named_and_the_phone_is_free(self):
        self.serve()
        self.refused(self.bench("lease", "alice", "--", "no-such-program"), 2, "cannot start no-such-program")
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_a_lease_is_held_until_ctrl_c(self):
        self.serve()
        client, lease = self.hold("alice", "--reason", "looking at it", "--for", "2m")
        self.assertEqual((lease["phone"], lease["lease"]), ("alice", 1))
        alice = self.states()["alice"]
        self.assertEqual((alice["state"], alice["lease"], alice["reason"]), ("held", 1, "looking at it"))
        self.assertEqual(alice["until"], lease["until"])
        self.refused(self.bench("lease", "alice"), 4, "alice is held by ", "(looking at it)")
        self.assertEqual(client.stop(signal.SIGINT), 0)
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_who_waits_gets_the_phone_when_it_is_free(self):
        self.serve()
        first, _ = self.hold("alice")
        second = self.start("bench", "lease", "alice", "--wait", "--json", "--socket", self.socket)
        second.err.wait_for("waiting, number 1 in the queue")
        self.assertEqual(first.stop(signal.SIGTERM), 0)
        self.assertEqual(json.loads(second.out.wait_for(r"^\{").string)["lease"], 2)
        self.assertEqual(second.stop(), 0)

    def test_release_by_the_holder_ends_the_lease_and_its_command(self):
        self.serve()
        client = self.start("bench", "lease", "alice", "--socket", self.socket, "--", *HOLD)
        until(lambda: self.states()["alice"]["state"] == "held", "the lease")
        self.assertEqual(self.bench("release", "alice")[0], 0)
        client.err.wait_for("lease 1 of alice is lost: it was released by ")
        self.assertEqual(client.wait(), 4)
        self.refused(self.bench("release", "alice"), 4, "alice is free")
        self.refused(self.bench("release", "alise"), 2, "did you mean alice?")

    def test_what_a_command_has_started_ends_with_its_lease(self):
        self.serve()
        for ends in ("the lease", "the command"):
            with self.subTest(ends=ends):
                script = "tail -f /dev/null & echo $!" + ("; wait" if ends == "the lease" else "")
                client = self.start("bench", "lease", "alice", "--socket", self.socket, "--", "sh", "-c", script)
                started = int(client.out.wait_for(r"^(\d+)$").group(1))
                if ends == "the lease":
                    self.assertEqual(self.bench("release", "alice")[0], 0)
                self.assertEqual(client.wait(), 4 if ends == "the lease" else 0)
                self.assertFalse(running(started))

    def test_a_command_has_the_terminal_of_its_client(self):
        self.serve()
        words = [PHONERIG, "bench", "lease", "alice", "--socket", self.socket, "--", "sh", "-c",
                 "read word; echo got $word; exec tail -f /dev/null"]  # fmt: skip
        client, terminal = pty.fork()
        if client == 0:
            os.execv(PHONERIG, words)
        with os.fdopen(terminal, "r+b", buffering=0) as person:
            person.write(b"hello\n")
            said = b""
            while b"got hello" not in said:
                said += person.read(1024)
            person.write(b"\x03")
            _, status = os.waitpid(client, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 128 + signal.SIGINT, said)
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_ctrl_z_stops_a_command_with_its_client_and_the_shell_continues_both(self):
        self.serve()
        lease = f"{shlex.quote(PHONERIG)} bench lease alice --socket {shlex.quote(self.socket)} -- sh -c 'echo be''gun; exec cat'"
        shell, terminal = pty.fork()
        if shell == 0:
            os.execlp("bash", "bash", "--norc", "--noprofile", "-i")
        with os.fdopen(terminal, "r+b", buffering=0) as person:
            for words, answer in ((lease, b"begun"), ("\x1a", b"Stopped"), ("jobs -l; echo is$((1+1))", b"is2"),
                                  ("fg", b"bench lease"), ("the same phone", b"the same phone\r\nthe same phone"),
                                  ("\x04", b""), ("echo code$?", b"code0")):  # fmt: skip
                person.write(words.encode() + (b"" if words < " " else b"\n"))
                said = b""
                while answer not in said:
                    self.assertTrue(select.select([person], [], [], LIMIT)[0], f"no {answer} in {said}")
                    said += person.read(1024)
            person.write(b"exit\n")
            os.waitpid(shell, 0)
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_a_command_does_not_outlive_the_client_that_was_killed(self):
        self.serve(inventory=self.write("quick.yaml", INVENTORY.format(heartbeat="1s")))
        client = self.start("bench", "lease", "alice", "--socket", self.socket, "--", "sh", "-c",
                            "tail -f /dev/null & echo $$ $!; wait")  # fmt: skip
        command, started = map(int, client.out.wait_for(r"^(\d+) (\d+)$").groups())
        client.process.kill()
        until(lambda: not running(command) and not running(started), "the end of the command and of what it has started")
        until(lambda: self.states()["alice"]["state"] == "free", "the end of the lease")

    def test_a_kick_tells_its_reason(self):
        self.serve()
        client, _ = self.hold("alice")
        self.refused(self.bench("release", "alice", "--kick"), 2, "--reason")
        self.assertEqual(self.bench("release", "alice", "--kick", "--reason", "the demo begins")[0], 0)
        client.err.wait_for("lease 1 of alice is lost: it was taken away by .*: the demo begins")
        self.assertEqual(client.wait(), 4)

    def test_words_that_are_wrong_are_usage(self):
        self.serve()
        self.refused(self.bench("lease"), 2, "expected a phone's NAME, --tag or --model")
        self.refused(self.bench("lease", "alice", "--for", "soon"), 2, "--for: found soon")
        self.refused(self.bench("lease", "--model", "CP-7842-3PCC"), 2, "did you mean CP-7841-3PCC?")
        self.refused(self.bench("list", "alise"), 2, "did you mean alice?")
        self.refused(run("bench", "list", XDG_RUNTIME_DIR=""), 4, "--socket")

    def test_without_a_daemon_the_bench_is_unavailable(self):
        for words in (("list",), ("lease", "alice"), ("release", "alice")):
            self.refused(self.bench(*words), 4, "no bench daemon answers at ", "phonerig bench serve starts one")


class DaemonTest(BenchTest):
    def test_its_socket_is_its_users_alone_and_goes_with_it(self):
        daemon = self.serve()
        self.assertEqual(os.stat(self.socket).st_mode & 0o777, 0o600)
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(os.path.exists(self.socket))

    def test_the_usual_inventory_is_that_of_the_folder(self):
        inside = ["env", "-C", str(self.folder)]
        self.start("bench", "serve", "lab", "--socket", self.socket, "--state", self.folder / "state",
                   prefix=inside).err.wait_for("^serving lab")  # fmt: skip
        self.refused(run("bench", "serve", "lob", "--socket", self.socket, prefix=inside), 2, "found lob, expected lab")
        self.refused(run("bench", "check", "alise", "--socket", self.socket, prefix=inside), 2, "did you mean alice?")

    def test_a_second_daemon_is_refused(self):
        self.serve()
        self.refused(run("bench", "serve", "--inventory", self.inventory, "--socket", self.socket, "--state",
                         self.folder / "other"), 2, "belongs to another daemon")
        self.refused(run("bench", "serve", "--inventory", self.inventory, "--socket", self.socket + "2", "--state",
                         self.folder / "state"), 2, "is in use by another daemon")

    def test_a_file_at_its_path_is_left_alone(self):
        pathlib.Path(self.socket).write_text("mine", encoding="utf-8")
        self.refused(run("bench", "serve", "--inventory", self.inventory, "--socket", self.socket, "--state",
                         self.folder / "state"), 2, "it is a file")
        self.assertEqual(pathlib.Path(self.socket).read_text(encoding="utf-8"), "mine")

    def test_a_lease_goes_on_when_the_daemon_was_killed_and_comes_back(self):
        daemon = self.serve()
        client, _ = self.hold("alice")
        daemon.stop(signal.SIGKILL)
        self.serve()
        client.err.wait_for("the bench daemon was away and is back; lease 1 of alice goes on")
        self.assertEqual(self.states()["alice"]["state"], "held")
        self.assertEqual(client.stop(), 0)
        self.assertEqual(self.hold("bob")[1]["lease"], 2)

    def test_a_lease_is_lost_when_the_daemon_does_not_come_back(self):
        daemon = self.serve(inventory=self.write("quick.yaml", INVENTORY.format(heartbeat="3s")))
        client = self.start("bench", "lease", "alice", "--socket", self.socket, "--", *HOLD)
        until(lambda: self.states()["alice"]["state"] == "held", "the lease")
        daemon.stop(signal.SIGKILL)
        client.err.wait_for("lease 1 of alice is lost: the bench daemon did not answer for 3 s")
        self.assertEqual(client.wait(), 4)

    def test_hostile_clients_are_hung_up_on(self):
        self.serve()
        for hostile in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100 + b"\n", b"x" * (300 << 10), b'{"id":1,"do":"list"}\n'):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(30)
                client.connect(self.socket)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    client.sendall(hostile)
                    while client.recv(4096):
                        pass
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_a_client_that_takes_nothing_is_not_waited_for(self):
        self.serve()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.socket)
            lists = "".join(f'{{"id":{i},"do":"list"}}\n' for i in range(2, 3000))
            client.sendall(f'{{"id":1,"do":"hello","version":1,"holder":"x@y"}}\n{lists}no message\n'.encode())
            waiting = select.poll()
            waiting.register(client, select.POLLHUP)
            self.assertTrue(waiting.poll(30_000), "it still waits for its answers to be taken")
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_more_clients_than_it_takes_are_sent_away(self):
        self.serve()
        with contextlib.ExitStack() as stack:
            def connect():
                client = stack.enter_context(socket.socket(socket.AF_UNIX))
                client.settimeout(30)
                client.connect(self.socket)
                return client
            for _ in range(256):
                connect().sendall(b'{"id":1,"do":"hello","version":1,"holder":"x@y"}\n')
            self.assertIn(b"256 clients are here already", connect().makefile("rb").readline())


class TlsTest(BenchTest):
    def setUp(self):
        super().setUp()
        self.token = self.write("token", "0123456789abcdef\n")
        self.make_certificate("bench")
        self.tls = ("--tls-cert", self.folder / "bench.pem", "--tls-key", self.folder / "bench.key")

    def make_certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                        self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem"], check=True, capture_output=True)

    def listen(self):
        daemon = self.serve("--listen", "127.0.0.1:0", *self.tls, "--token-file", self.token)
        return daemon.err.wait_for(r"tls://(127\.0\.0\.1:(\d+))$")

    def test_another_machine_leases_over_tls(self):
        where = self.listen().group(1)
        door = ("--connect", where, "--tls-ca", self.folder / "bench.pem", "--token-file", self.token)
        code, out, err = run("bench", "lease", "alice", *door, "--", "printenv", "PHONERIG_PHONE")
        self.assertEqual((code, out, err), (0, "alice\n", ""))

    def test_a_wrong_token_or_certificate_is_refused(self):
        where = self.listen().group(1)
        wrong = self.write("wrong", "0123456789abcdeF\n")
        door = ("--connect", where, "--tls-ca", self.folder / "bench.pem", "--token-file")
        self.refused(run("bench", "list", *door, wrong), 4, "the token is wrong")
        self.make_certificate("other")
        self.refused(run("bench", "list", "--connect", where, "--tls-ca", self.folder / "other.pem", "--token-file",
                         self.token), 4, "no bench daemon that can be trusted")
        port = where.rsplit(":", 1)[1]
        self.refused(run("bench", "list", "--connect", f"localhost:{port}", "--tls-ca", self.folder / "bench.pem",
                         "--token-file", self.token), 4, "no bench daemon that can be trusted")

    def test_old_tls_is_refused(self):
        where = self.listen().group(1)
        done = subprocess.run(["openssl", "s_client", "-connect", where, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"],
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        done = subprocess.run(["openssl", "s_client", "-connect", where, "-tls1_2"], stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_tcp_without_tls_or_token_is_refused(self):
        words = ("bench", "serve", "--inventory", self.inventory, "--socket", self.socket, "--state", self.folder / "state")
        listen = ("--listen", f"127.0.0.1:{free_port()}")
        self.refused(run(*words, *listen), 2, "expected --tls-cert, --tls-key and --token-file with it")
        self.refused(run(*words, *listen, *self.tls), 2, "--token-file")
        self.refused(run(*words, *listen, "--token-file", self.token), 2, "--tls-cert")
        short = self.write("short", "secret\n")
        self.refused(run(*words, *listen, *self.tls, "--token-file", short), 2, "found 6 characters", "at least 16")
        self.refused(run(*words, *self.tls), 2, "expected --listen")
        self.refused(run("bench", "list", "--connect", "127.0.0.1:1"), 2, "--connect")

if __name__ == "__main__":
    main()
