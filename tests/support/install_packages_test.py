#!/usr/bin/env python3
"""What .ci/install-packages does to a machine and what it leaves alone. It runs in a mount namespace of its own, where
apt-get, dpkg-query and what switches services are scripts that write down how they were called."""

import os
import pathlib
import subprocess
import tempfile
import textwrap
import unittest

from covers import main

INSTALLER = pathlib.Path(__file__).resolve().parents[2] / ".ci/install-packages"
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]

# The folders that it writes to are the test's own in there.
INSIDE = """
set -e
mount --bind "$1/sbin" /usr/sbin
mount --bind "$1/units" /etc/systemd/system
mount -t tmpfs none /run
[ "$2" = no ] || mkdir -p /run/systemd/system
export PATH="$1/bin:$PATH"
shift 2
exec "$@"
"""

APT = """
case "$*" in
    *" -s "*|"-q -s "*) echo "Inst nginx (1.0 Debian)"; echo "Inst snmpd (5.9 Debian)"; $SIMULATED ;;
    *download-only*) echo "Get:1 nginx" ;;
    *install*)
        if [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d nginx start || echo "policy $?" >>"$LOG"; fi
        echo "Setting up nginx" ;;
esac
"""

OWNED = """
echo "nginx: /lib/systemd/system/nginx.service"
echo "snmpd: /usr/lib/systemd/system/snmpd.service"
echo "nginx, nginx-common: /usr/lib/systemd/system/nginx-debug@.service"
echo "nginx: /etc/init.d/nginx"
echo "cron: /lib/systemd/system/cron.service"
"""

WRITES_DOWN = 'echo "$(basename "$0") $*" >>"$LOG"\n'


def can_mount():
    return subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "none", "/run"], capture_output=True).returncode == 0


@unittest.skipUnless(can_mount(), "no mount namespaces for this user")
class InstallPackagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("bin", "sbin", "units"):
            (self.folder / name).mkdir()
        self.program("apt-get", APT)
        self.program("dpkg-query", OWNED)
        for name in ("systemctl", "deb-systemd-helper", "update-rc.d"):
            self.program(name, WRITES_DOWN)
        self.policy = self.folder / "sbin/policy-rc.d"

    def program(self, name, text):
        path = self.folder / "bin" / name
        path.write_text("#!/bin/sh\n" + textwrap.dedent(text))
        path.chmod(0o755)

    def install(self, *names, systemd="no", simulated=""):
        log = self.folder / "log"
        log.write_text("")
        done = subprocess.run(
            [*NAMESPACE, "sh", "-c", INSIDE, "sh", str(self.folder), systemd, str(INSTALLER), *names],
            env={**os.environ, "LOG": str(log), "SIMULATED": simulated}, capture_output=True, text=True)
        self.calls = log.read_text().splitlines()
        return done

    def test_no_service_may_start_while_packages_come_and_the_ban_is_lifted_afterwards(self):
        done = self.install("nginx", "snmpd")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("policy 101", self.calls)
        self.assertFalse(self.policy.exists())

    def test_services_of_the_new_packages_are_disabled_and_no_others(self):
        self.install("nginx", "snmpd")
        self.assertEqual(self.calls[1:], ["deb-systemd-helper disable nginx.service",
                                          "deb-systemd-helper disable snmpd.service", "update-rc.d nginx disable"])

    def test_an_existing_ban_stays_as_it_is_and_what_it_let_start_is_stopped(self):
        self.policy.write_text("#!/bin/sh\nexit 0\n")
        self.policy.chmod(0o755)
        done = self.install("nginx", "snmpd", systemd="yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.policy.read_text(), "#!/bin/sh\nexit 0\n")
        self.assertIn("systemctl --quiet stop nginx.service", self.calls)

    def test_a_unit_that_the_owner_wrote_is_not_touched(self):
        (self.folder / "units/nginx.service").write_text("[Service]\n")
        self.policy.write_text("#!/bin/sh\nexit 0\n")
        self.install("nginx", "snmpd", systemd="yes")
        self.assertNotIn("nginx", " ".join(self.calls))
        self.assertIn("deb-systemd-helper disable snmpd.service", self.calls)

    def test_a_signal_while_it_cleans_up_leaves_nothing_half_done(self):
        for signal in ("INT", "TERM", "HUP"):
            with self.subTest(signal=signal):
                self.program("deb-systemd-helper", WRITES_DOWN + f"kill -{signal} $PPID\n")
                done = self.install("nginx", "snmpd")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("deb-systemd-helper disable snmpd.service", self.calls)
                self.assertFalse(self.policy.exists())

    def test_nothing_is_installed_where_a_package_would_have_to_go(self):
        done = self.install("nginx", simulated="echo Remv apache2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("that would remove apache2, and rig removes nothing", done.stderr)
        self.assertEqual(self.calls, [])
        self.assertFalse(self.policy.exists())


if __name__ == "__main__":
    main()
