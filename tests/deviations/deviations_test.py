#!/usr/bin/env python3
"""Phones that are wrong in one way, against phones that are right: the comparison of their captures names that way, and
nothing else. Right phones against right ones differ in nothing."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "ui" / "cli"))
from covers import main  # noqa: E402
from rig_process import PHONERIG, run  # noqa: E402

DEVIATING = os.environ.get("PHONERIG_DEVIATING_BIN", "")
SEED = "7"

# What the comparison has to say of each: difference, kind of event, field.
ROOTS = {
    "wrong-user-agent": ("field", "http.request", "user_agent"),
    "missing-header": ("field", "http.request", "header Accept-Charset"),
    "extra-header": ("field", "http.request", "header Cache-Control"),
    "header-order": ("field", "http.request", "header order"),
    "lower-case-header": ("field", "http.request", "header Accept spelling"),
    "wrong-host": ("field", "http.request", "host"),
    "host-without-port": ("field", "http.request", "host"),
    "lower-case-method": ("field", "http.request", "method"),
    "head-instead-of-get": ("field", "http.request", "method"),
    "path-case": ("field", "http.request", "target"),
    "double-slash": ("field", "http.request", "target"),
    "http-1-0": ("field", "http.request", "minor"),
    "keep-alive": ("field", "http.request", "header Connection"),
    "upper-case-mac": ("field", "http.request", "target"),
    "put-instead-of-post": ("field", "http.request", "method"),
    "get-instead-of-post": ("field", "http.request", "method"),
    "wrong-content-type": ("field", "http.request", "header Content-Type"),
    "empty-report": ("field", "http.request", "bytes"),
    "extra-request": ("extra", "http.request", ""),
    "ignores-redirect": ("missing", "http.request", ""),
    "three-credential-tries": ("extra", "http.request", ""),
    "one-credential-try": ("missing", "http.request", ""),
    "no-credentials": ("missing", "http.request", ""),
    "netascii": ("field", "tftp.read", "mode"),
    "tftp-option": ("field", "tftp.read", "text"),
    "tftp-block-size": ("field", "tftp.read", "text"),
    "tftp-file-case": ("field", "tftp.read", "file"),
    "no-retransmission": ("missing", "tftp.read", ""),
    "doubled-ack": ("extra", "tftp.ack", ""),
    "no-last-ack": ("missing", "tftp.ack", ""),
    "wrong-priority": ("field", "syslog.message", "facility"),
    "missing-line": ("missing", "syslog.message", ""),
    "doubled-line": ("extra", "syslog.message", ""),
    "other-words": ("field", "syslog.message", "text"),
    "line-after-request": ("order", "syslog.message", ""),
    "extra-lookup": ("extra", "dns.query", ""),
    # Answers of different status are different answers: the right one is missing, and the wrong one follows.
    "ok-instead-of-401": ("missing", "sip.response", ""),
    "ok-instead-of-489": ("missing", "sip.response", ""),
    "missing-sip-header": ("field", "sip.response", "header Allow-Events"),
    "doubled-sip-answer": ("extra", "sip.response", ""),
    # A resync begins with a line of the log: what is wrong with its time or place shows there first.
    "wrong-retry-time": ("timing", "syslog.message", "pause"),
    "periodic-too-early": ("timing", "syslog.message", "pause"),
    "no-resync-on-reset": ("missing", "syslog.message", ""),
    "reversed-rules": ("order", "syslog.message", ""),
    "wrong-accept": ("field", "http.request", "header Accept"),
    "takes-compressed": ("field", "http.request", "header Accept-Encoding"),
    "absolute-target": ("field", "http.request", "target"),
    "encoded-target": ("field", "http.request", "target"),
    "query-with-mac": ("field", "http.request", "target"),
    "host-twice": ("field", "http.request", "header Host"),
    "body-in-get": ("field", "http.request", "bytes"),
    "credentials-before-challenge": ("field", "http.request", "header Authorization"),
    "report-in-the-clear": ("field", "http.request", "coding"),
    "half-report": ("field", "http.request", "bytes"),
    # The server redirects once only: the second question stands where that for the new file should.
    "doubts-redirect": ("field", "http.request", "target"),
    "leading-slash": ("field", "tftp.read", "file"),
    "doubled-read": ("extra", "tftp.read", ""),
    "error-for-last-ack": ("missing", "tftp.ack", ""),
    "wrong-severity": ("field", "syslog.message", "severity"),
    "no-time-stamp": ("field", "syslog.message", "text"),
    "no-mac": ("field", "syslog.message", "text"),
    "extra-line": ("extra", "syslog.message", ""),
    "lookup-in-domain": ("field", "dns.query", "name"),
    "upper-case-lookup": ("field", "dns.query", "name"),
    "other-sip-reason": ("field", "sip.response", "reason"),
    "no-to-tag": ("field", "sip.response", "header To"),
    "no-sip-answer": ("missing", "sip.response", ""),
    "no-retry": ("missing", "syslog.message", ""),
    "periodic-too-late": ("timing", "syslog.message", "pause"),
    "no-second-rule": ("missing", "syslog.message", ""),
}
# Those that are shown on real sockets as well: they need no long waits.
ON_NET = ["ignores-redirect", "no-credentials", "put-instead-of-post", "netascii"]


# A network namespace with nothing but a loopback: whoever else plays phones on this machine has the same addresses.
ALONE = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--net", "sh", "-c",
         'ip link set lo up && exec "$@"', "sh"]


def deviating(*words, prefix=()):
    return subprocess.run([*prefix, DEVIATING, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


def listed():
    """Name -> scenario of each deviation."""
    return dict(line.split("\t")[:2] for line in deviating("--list").stdout.splitlines())


class ComparisonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="phonerig deviations ")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        cls.scenarios = listed()

    def capture(self, scenario, target="sim", deviation=None, run_number=1):
        """The capture of a scenario, made once."""
        path = self.folder / f"{target} {scenario} {deviation or 'right'} {run_number}.pcapng"
        prefix = ALONE if target == "net" else []
        if not path.exists():
            words = [HERE / "scenarios" / f"{scenario}.yaml", target, SEED, path, *([deviation] if deviation else [])]
            done = deviating(*words, prefix=prefix)
            if target == "net" and ("setcap" in done.stderr or done.stderr.startswith("unshare:")):
                self.skipTest(done.stderr.strip())
            # What a phone does wrong may fail an expectation; the rig itself must not.
            self.assertIn(done.returncode, (0, 1) if deviation else (0,), done.stdout + done.stderr)
        return path

    def compare(self, a, b):
        """Exit code and JSON."""
        report = self.folder / "report.json"
        code, out, err = run("compare", a, b, "--json", report)
        self.assertIn(code, (0, 1), out + err)
        return code, json.loads(report.read_text(encoding="utf-8")), out

    def check(self, deviation, target):
        scenario = self.scenarios[deviation]
        code, report, text = self.compare(self.capture(scenario, target), self.capture(scenario, target, deviation))
        roots = [(r["difference"], r["kind"], r.get("field") or "") for r in report["roots"]]
        self.assertEqual((code, roots), (1, [ROOTS[deviation]]), text)


@unittest.skipUnless(PHONERIG and DEVIATING, "PHONERIG_BIN and PHONERIG_DEVIATING_BIN name the programs")
class VirtualTimeTest(ComparisonTest):
    def test_every_deviation_is_expected_to_be_named(self):
        self.assertEqual(sorted(self.scenarios), sorted(ROOTS))
        self.assertGreaterEqual(len(ROOTS), 25)

    def test_each_is_the_only_root(self):
        for deviation in ROOTS:
            with self.subTest(deviation=deviation):
                self.check(deviation, "sim")

    def test_right_phones_do_not_differ(self):
        for scenario in sorted(set(self.scenarios.values())):
            with self.subTest(scenario=scenario):
                code, report, text = self.compare(self.capture(scenario), self.capture(scenario, run_number=2))
                self.assertEqual((code, report["verdict"], report["roots"]), (0, "equal", []), text)


@unittest.skipUnless(PHONERIG and DEVIATING, "PHONERIG_BIN and PHONERIG_DEVIATING_BIN name the programs")
class RealSocketsTest(ComparisonTest):
    def test_right_phones_do_not_differ(self):
        for scenario in ("redirect", "tftp", "report", "ends-early"):
            with self.subTest(scenario=scenario):
                first, second = (self.capture(scenario, "net", run_number=n) for n in (1, 2))
                code, report, text = self.compare(first, second)
                self.assertEqual((code, report["verdict"], report["roots"]), (0, "equal", []), text)

    def test_some_are_the_only_root(self):
        for deviation in ON_NET:
            with self.subTest(deviation=deviation):
                self.check(deviation, "net")


if __name__ == "__main__":
    main()
