#!/usr/bin/env python3
"""A fleet of two hundred phones, and curl as the administrator."""

import re
import shutil
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from covers import covers, main
from phones import BASIC, PhonesTest, until

PHONES = 200
ADDRESSES = [f"127.78.0.{k}" for k in range(1, PHONES + 1)]


class FleetTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("curl"):
            raise unittest.SkipTest("curl is missing; install curl")

    def curl(self, url):
        done = subprocess.run(["curl", "--noproxy", "*", "--silent", "--show-error", "--fail", "--max-time", "20", url],
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 0, f"{url}: {done.stderr}")
        return done.stdout

    def each(self, work):
        """work(address) of every phone, some at a time."""
        with ThreadPoolExecutor(16) as workers:
            return dict(zip(ADDRESSES, workers.map(work, ADDRESSES)))

    @covers("WEB-RESYNC-CMD", "TFTP-RESYNC")
    def test_a_resync_url_changes_the_phone_it_is_sent_to_and_no_other(self):
        self.write("basic.txt", BASIC)
        rig = self.up("127.78.0.1", "--phones", PHONES, "--serve", self.folder)
        tftp = next(line for line in rig.err.seen if line.startswith("tftp://"))
        macs = self.each(lambda address: re.findall(r"(?i)00:?0e:?08:?00:?00:?[0-9a-f]{2}", self.page(address)))
        for k, address in enumerate(ADDRESSES, 1):
            self.assertEqual({mac.replace(":", "").lower() for mac in macs[address]}, {f"000e080000{k:02x}"})

        before = self.each(lambda address: self.page(address, "/admin/cfg.xml"))
        self.curl(f"http://127.78.0.7:{self.web_port}/admin/resync?{tftp}/basic.txt")
        until(lambda: re.search(r"<GPP_A[^>]*>12345678<", self.curl(f"http://127.78.0.7:{self.web_port}/admin/cfg.xml")),
              "the resync")  # fmt: skip
        after = self.each(lambda address: self.page(address, "/admin/cfg.xml"))
        self.assertEqual([address for address in ADDRESSES if after[address] != before[address]], ["127.78.0.7"])
        self.assertEqual(rig.stop(), 0)

    @covers("TFTP-MASS-STAGING")
    def test_factory_default_phones_that_boot_at_once_all_find_their_profile(self):
        self.write("7832-3PCC.xml", BASIC)
        self.up("127.78.0.1", "--phones", PHONES, "--serve", self.folder, set_values={"Resync_On_Reset": "Yes"})
        missing = list(ADDRESSES)

        def all_have_it():
            missing[:] = [one for one in missing if not re.search(r"<GPP_A[^>]*>12345678<", self.page(one, "/admin/cfg.xml"))]
            return not missing

        until(all_have_it, "the profile of every phone")


if __name__ == "__main__":
    main()
