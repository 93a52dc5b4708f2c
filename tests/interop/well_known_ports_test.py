#!/usr/bin/env python3
"""The rig's servers at the ports that URLs without a port mean, in a network of their own where they are free."""

import subprocess
import unittest

from covers import covers, main
from phones import RigTest
from rig_process import PHONERIG

SCENARIO = """
scenario: URLs without a port reach the rig
phones: {{ model: CP-7832-3PCC, set: {{ Resync_On_Reset: "No", Syslog_Server: "${{syslog.host}}" }} }}
servers:
  tftp: {{ {tftp} files: {{ basic.txt: "<flat-profile><GPP_A>tftp</GPP_A></flat-profile>" }} }}
  http: {{ {http} files: {{ basic.txt: "<flat-profile><GPP_A>http</GPP_A></flat-profile>" }} }}
  syslog: {{ {syslog} }}
steps:
  - power: on
  - browse: /admin/resync?tftp://${{tftp.host}}/basic.txt
  - expect: {{ request: tftp, file: basic.txt }}
  - expect: {{ param: GPP_A, is: tftp }}
  - browse: /admin/resync?http://${{http.host}}/basic.txt
  - expect: {{ request: http, file: basic.txt }}
  - expect: {{ param: GPP_A, is: http }}
  - expect: {{ syslog: "*Successful resync http*:80/basic.txt" }}
"""
PORTS = {"tftp": "port: 69,", "http": "port: 80,", "syslog": "port: 514"}


class WellKnownPortsTest(RigTest):
    def outcome(self, ports):
        path = self.write("ports.yaml", SCENARIO.format(**ports))
        alone = ["unshare", "--map-root-user", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        tried = subprocess.run([*alone, "true"], capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            raise unittest.SkipTest(f"network namespaces are not permitted here: {tried.stderr.strip()}")
        done = subprocess.run([*alone, PHONERIG, "run", str(path), "--on", "net"], capture_output=True, text=True,
                              timeout=120, check=False)  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    @covers("TFTP-PORT-69", "HTTP-PORT-80", "SYSLOG-PORT-514")
    def test_phones_find_the_rigs_servers_at_69_80_and_514(self):
        code, text = self.outcome(PORTS)
        self.assertEqual(code, 0, text)

    def test_phones_do_not_find_them_elsewhere(self):
        for name in PORTS:
            code, text = self.outcome({**PORTS, name: ""})
            self.assertEqual(code, 1, text)


if __name__ == "__main__":
    main()
