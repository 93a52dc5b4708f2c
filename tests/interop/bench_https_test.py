#!/usr/bin/env python3
"""A bench phone whose pages are there by https: nginx, in the phone's namespace, speaks TLS for it. And one whose SIP is at
another port than usual."""

import json
import pathlib
import re
import subprocess

from bench_phone import FAR, MAC, MODEL, BenchPhoneTest
from cable import need_programs
from foreign_servers import Nginx, need
from own_network import main
from phones import until
from rig_process import run

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "library"
BEHIND = 8080  # where the phone itself answers; the inventory knows nothing of it
TLS = """
    listen 0.0.0.0:443 ssl;
    ssl_certificate "{folder}/{name}.pem";
    ssl_certificate_key "{folder}/{name}.key";
    location / {{
        proxy_pass http://{phone};
        proxy_set_header Host $http_host;
        error_page 502 504 = @gone;
    }}
    location @gone {{ return 444; }}  # a phone without power ends connections
"""


class HttpsPhoneTest(BenchPhoneTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need(Nginx)
        need_programs(openssl="openssl")

    def openssl(self, *words):
        return subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def subject(self, mac):
        """As phones have it (requirement CERT-CLIENT-SUBJECT)."""
        return f"/OU={MODEL}/L=88012BA01234/ST={mac.replace(':', '')}"

    def certify(self, mac=MAC):
        """An authority's certificate, ca.pem, and one that it signed for a phone, phone.pem."""
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=maker", "-keyout", "ca.key",
                     "-out", "ca.pem")  # fmt: skip
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", self.subject(mac), "-keyout", "phone.key", "-out", "phone.csr")
        self.openssl("x509", "-req", "-in", "phone.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                     "-out", "phone.pem")  # fmt: skip

    def lay_https_phone(self, *words):
        self.lay_phone(*words, web_port=BEHIND)
        self.speak_tls("phone")

    def speak_tls(self, name):
        rules = TLS.format(folder=self.folder, name=name, phone=f"{self.address}:{BEHIND}")
        self.tls = Nginx(self, rules, prefix=self.far.inside)
        until(lambda: ":01BB " in self.far.run("cat", "/proc/net/tcp").stdout, "a server at TCP port 443")

    def trusting(self, certificate=None, **words):
        web = {"protocol": "https", **({"certificate": certificate} if certificate else {})}
        return self.inventory(web=web, **words)

    def checked(self, inventory):
        """Exit code of `bench check`, and what it says of the page."""
        code, out, err = run("bench", "check", "--inventory", inventory, "--socket", self.socket, "--json", prefix=self.near.inside)
        self.assertEqual(err, "")
        (alice,) = json.loads(out)["phones"]
        return code, next(one["text"] for one in alice["checks"] if one["check"] == "page")

    def test_a_phone_is_checked_driven_and_put_back_by_https(self):
        self.certify()
        self.lay_https_phone("--set", "GPP_B=mine")
        inventory = self.bench(self.trusting("file:ca.pem"))
        self.assertEqual(self.checked(inventory), (0, f"alice at {FAR}:443 answers"))
        before = self.page("/admin/cfg.xml", port=BEHIND)
        for on in ("bench:alice", "twin:alice"):
            with self.subTest(on=on):
                code, out, err = self.play(inventory, LIBRARY / "ex-tftp-resync.yaml", "--events", self.folder / "events", on=on)
                self.assertEqual(code, 0, out + err)
                self.assertEqual(self.page("/admin/cfg.xml", port=BEHIND), before)
        self.assertIn("not compared: what is said at the phone's pages: they are reached by https", out)
        self.assertRegex(out, r"fidelity: .*tftp 100 %")
        # By https it was, and by nothing else.
        self.assertNotIn(f":{BEHIND}", (self.folder / "events").read_text())
        said = {(one["request"].split()[0], one["status"]) for one in self.tls.requests()}
        self.assertTrue({("GET", "200"), ("POST", "200")} <= said, said)

    def test_a_phone_of_a_killed_run_is_put_back_by_https(self):
        self.certify()
        self.lay_https_phone("--set", "GPP_A=mine")
        waits = self.write("waits.yaml", f"scenario: It waits\nphones: {{ model: {MODEL}, set: {{ GPP_A: changed }} }}\n"
                                         "servers: { syslog: {} }\nsteps:\n  - power: on\n  - expect: { param: GPP_A, is: changed }\n"
                                         "  - wait: 10m\n")  # fmt: skip
        running = self.start_playing(self.bench(self.trusting("file:phone.pem")), waits, "--verbose")
        running.err.wait_for("^  3/3 wait")
        running.process.kill()
        until(lambda: self.state()["state"] == "free", "the phone to be free again")
        self.assertIn("<GPP_A>mine<", re.sub(r"<GPP_A [^>]*>", "<GPP_A>", self.page("/admin/cfg.xml", port=BEHIND)))

    def test_a_certificate_is_believed_only_as_the_inventory_says(self):
        self.certify()
        self.lay_https_phone()
        self.serve(self.trusting())
        code, said = self.checked(self.trusting())
        self.assertEqual(code, 1)
        self.assertRegex(said, f"^alice at {FAR}:443 shows a certificate that is not trusted: ")
        pin = re.search(r"certificate: (sha256:[0-9a-f]{64})$", said)[1]
        self.assertEqual(self.state()["state"], "quarantined")
        for certificate in (pin, "file:ca.pem", "file:phone.pem", "any"):
            with self.subTest(certificate=certificate):
                self.assertEqual(self.checked(self.trusting(certificate)), (0, f"alice at {FAR}:443 answers"))
                self.assertEqual(self.state()["state"], "free")
        code, said = self.checked(self.trusting("sha256:" + 64 * "0"))
        self.assertEqual((code, said), (1, f"alice at {FAR}:443 shows another certificate than the pinned one: its SHA-256 is "
                                           f"{pin.removeprefix('sha256:')}"))  # fmt: skip
        self.assertIn("lost.pem: no certificate can be read there", self.checked(self.trusting("file:lost.pem"))[1])

    def test_the_certificate_of_another_phone_is_refused(self):
        self.certify(mac="00:0e:08:00:77:09")
        self.lay_https_phone()
        inventory = self.bench(self.trusting("file:ca.pem"))
        code, said = self.checked(inventory)
        self.assertEqual(code, 1)
        self.assertRegex(said, f"^alice at {FAR}:443 shows a certificate that is not trusted: .*host name")

    def test_plain_http_is_not_what_https_asks_for(self):
        self.lay_phone(web_port=443)
        self.assertEqual(self.checked(self.bench(self.trusting("any")))[0], 1)
        self.assertRegex(self.state()["why"], f"^alice at {FAR}:443 does not speak TLS as it should: ")

    def test_a_notify_goes_to_the_sip_port_of_the_inventory(self):
        self.lay_phone(sip_port=5077)
        inventory = self.bench(self.inventory(sip_port=5077))
        code, out, err = self.play(inventory, LIBRARY / "sip-notify-check-sync.yaml")
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    main()
