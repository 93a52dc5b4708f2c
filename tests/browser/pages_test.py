#!/usr/bin/python3
"""A person's way through a phone's pages, in a real browser.

Starts one emulated phone on real sockets (PHONERIG_BIN names the phonerig program) and drives headless Chromium
through the page steps of the exercises. Leaves a picture of every tab, in light, dark and narrow, in
PHONERIG_RESULTS/screenshots. Skips, with the reason, where Chromium or Selenium are missing.
"""

import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from covers import covers, main  # noqa: E402

try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.ui import Select, WebDriverWait

    SELENIUM = None
except ImportError as error:
    SELENIUM = f"Selenium is missing ({error}); install python3-selenium and run with /usr/bin/python3"

ADDRESS = "127.78.9.1"
PATIENCE = 30  # seconds until something that should happen counts as not happening


def missing():
    """Why these tests cannot run here; None if they can."""
    if SELENIUM:
        return SELENIUM
    if not shutil.which("chromedriver"):
        return "chromedriver is missing; install chromium-driver"
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        return "Chromium is missing; install chromium"
    program = os.environ.get("PHONERIG_BIN")
    if not program:
        return "PHONERIG_BIN does not name the phonerig program"
    if not pathlib.Path(program).exists():
        return f"PHONERIG_BIN names {program}, which does not exist"
    return None


def free_port():
    """A port that nobody has on any loopback address, as the phones' shared socket needs it."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class Rig:
    """`phonerig up` with one phone and the rig's own servers over a folder."""

    def __init__(self, folder, options=()):
        self.port = free_port()
        self.base = f"http://{ADDRESS}:{self.port}"
        self.servers = {}  # "tftp" -> "tftp://127.0.0.1:PORT"
        command = [os.environ["PHONERIG_BIN"], "up", "--phones", "1", "--serve", str(folder), "--for", "300",
                   "--first", ADDRESS, "--web-port", str(self.port), "--sip-port", str(free_port()), *options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, errors="replace")
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._wait_until_ready()

    def _read(self):
        for line in self.process.stderr:
            self.lines.put(line.strip())
        self.lines.put(None)

    def _wait_until_ready(self):
        said, deadline = [], time.monotonic() + PATIENCE
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.stop()
                raise RuntimeError("phonerig up did not get ready; it said: " + " | ".join(said))
            said.append(line)
            server = re.search(r"\b(tftp|http|syslog)://\S+", line)
            if server:
                self.servers[server.group(1)] = server.group(0).rstrip("/")
            if line.startswith("ready:"):
                return

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stderr.close()


def open_browser():
    options = Options()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                 "--window-size=1400,1000"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome")
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


@unittest.skipIf(missing(), missing())
class PagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "basic.txt").write_text("<flat-profile><GPP_A>12345678</GPP_A></flat-profile>\n")
        (cls.folder / "rule.txt").write_text("<flat-profile><GPP_D>by rule</GPP_D></flat-profile>\n")
        try:
            cls.browser = open_browser()
        except WebDriverException as error:
            raise unittest.SkipTest(f"Chromium does not start here: {error.msg}") from error
        cls.addClassCleanup(cls.browser.quit)
        results = os.environ.get("PHONERIG_RESULTS")
        cls.pictures = pathlib.Path(results) / "screenshots" if results else cls.folder
        cls.pictures.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        self.wide()
        self.browser.get("about:blank")  # so that an address with another fragment is really loaded anew

    def start_phone(self, *options):
        """A phone of its own for every test, so that they may run in any order."""
        self.rig = Rig(self.folder, options or ("--set", "Resync_On_Reset=No"))
        self.addCleanup(self.rig.stop)

    # What a person does.

    def wide(self):
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.colours("light")

    def narrow(self, width):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})

    def colours(self, scheme):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def wait(self, condition, what):
        return WebDriverWait(self.browser, PATIENCE).until(lambda _: condition(), f"waited in vain: {what}")

    def open(self, path="/admin/advanced"):
        self.browser.get(self.rig.base + path)

    def open_tab(self, title):
        self.browser.find_element(By.CSS_SELECTOR, "nav.tabs").find_element(By.LINK_TEXT, title).click()
        self.wait(lambda: self.heading().endswith(title), f"tab {title} is shown")

    def heading(self):
        shown = [one.text for one in self.browser.find_elements(By.CSS_SELECTOR, "main h1") if one.is_displayed()]
        self.assertLessEqual(len(shown), 1, "one tab at a time")
        return shown[0] if shown else ""

    def text_of_tab(self, title):
        self.open_tab(title)
        return self.browser.find_element(By.TAG_NAME, "main").text

    def field(self, name):
        return self.browser.find_element(By.NAME, name)

    def shown(self, name):
        return self.field(name).get_property("value")

    def type(self, name, text):
        self.field(name).clear()
        self.field(name).send_keys(text)

    def press(self, label):
        self.browser.find_element(By.XPATH, f"//button[normalize-space()='{label}']").click()

    def submit(self):
        page = self.browser.find_element(By.TAG_NAME, "html")
        self.press("Submit All Changes")
        WebDriverWait(self.browser, PATIENCE).until(staleness_of(page), "waited in vain: the answer to the form")

    def says(self):
        notes = self.wait(lambda: self.browser.find_elements(By.CSS_SELECTOR, "main .note"), "an answer")
        return notes[0].text

    def refreshed(self, name, value):
        """Refreshes until the field shows the value; a phone that is rebooting does not answer."""

        def look():
            try:
                self.open()
                return self.shown(name) == value
            except WebDriverException:
                return False

        self.wait(look, f"{name} shows {value!r} after a refresh")

    # What is to be seen.

    @covers("EX-TFTP-RESYNC", "WEB-GPP-EMPTY", "WEB-RESYNC-CMD", "WEB-REFRESH-SHOWS")
    def test_a_resync_url_fills_the_provisioning_tab(self):
        self.start_phone()
        self.open()
        self.open_tab("Provisioning")
        for letter in "ABCDEFGHIJKLMNOP":
            self.assertTrue(self.field(f"GPP_{letter}").is_displayed(), letter)
            self.assertEqual(self.shown(f"GPP_{letter}"), "", letter)
        address = self.rig.servers["tftp"] + "/basic.txt"
        self.open(f"/admin/resync?{address}")
        self.assertIn(address, self.says())
        self.refreshed("GPP_A", "12345678")
        self.open_tab("Provisioning")
        self.assertEqual(self.shown("GPP_A"), "12345678")
        self.assertEqual(self.shown("GPP_B"), "")

    @covers("WEB-SUBMIT", "WEB-UTILITY")
    def test_edits_on_two_tabs_take_effect_after_submit_all_changes(self):
        self.start_phone()
        self.open()
        self.open_tab("System")
        Select(self.field("Syslog_Identifier")).select_by_visible_text("$MAU")
        self.open_tab("Provisioning")
        self.type("GPP_B", "Zürich & \"<b>\"")
        self.type("Resync_Periodic", "7200")
        self.assertEqual(self.value_on_the_phone("GPP_B"), "", "changed before it was submitted")
        self.submit()
        self.assertIn("saved", self.says())
        self.browser.find_element(By.LINK_TEXT, "Back to the page").click()
        self.wait(lambda: self.browser.find_elements(By.NAME, "GPP_B"), "the page is back")
        self.assertEqual(self.shown("GPP_B"), "Zürich & \"<b>\"")
        self.assertEqual(self.shown("Resync_Periodic"), "7200")
        self.assertEqual(self.shown("Syslog_Identifier"), "$MAU")

    def value_on_the_phone(self, name):
        """What another visitor sees; the page that is being edited stays as it is."""
        editing = self.browser.current_window_handle
        self.browser.switch_to.new_window("tab")
        self.open()
        value = self.shown(name)
        self.browser.close()
        self.browser.switch_to.window(editing)
        return value

    def test_undo_all_changes_brings_back_what_was_there(self):
        self.start_phone()
        self.open()
        self.open_tab("Provisioning")
        before = self.shown("Resync_At_Random_Delay")
        self.type("Resync_At_Random_Delay", "601")
        self.press("Undo All Changes")
        self.assertEqual(self.shown("Resync_At_Random_Delay"), before)

    def test_a_refused_value_is_named_and_nothing_is_changed(self):
        self.start_phone()
        self.open()
        self.open_tab("Provisioning")
        self.type("Resync_Random_Delay", "70000")
        self.type("GPP_C", "not to be lost")
        self.submit()
        self.assertIn("Nothing was changed", self.says())
        self.assertIn("65535", self.says())
        self.assertTrue(self.heading().endswith("Provisioning"), "the tab with the refused value is shown")
        self.assertEqual(self.shown("GPP_C"), "not to be lost")
        self.browser.save_screenshot(str(self.pictures / "refused-value.png"))
        self.open_tab("System")
        self.browser.find_element(By.LINK_TEXT, "Resync Random Delay").click()
        self.wait(lambda: self.field("Resync_Random_Delay").is_displayed(), "the link leads to the field")
        self.open()
        self.assertEqual(self.shown("Resync_Random_Delay"), "2")
        self.assertEqual(self.shown("GPP_C"), "")

    @covers("RSYNC-SUBMIT-REBOOT")
    def test_a_new_profile_rule_reboots_and_resyncs_at_once(self):
        # No timer that could fire by itself; Resync_On_Reset stays Yes, as the guides have it for this.
        self.start_phone("--set", "Resync_Periodic=0", "--set", "Profile_Rule=", "--set", "Resync_Error_Retry_Delay=0")
        self.open()
        self.open_tab("Provisioning")
        self.type("Profile_Rule", self.rig.servers["tftp"] + "/rule.txt")
        self.submit()
        self.assertIn("reboots and resyncs", self.says())
        self.refreshed("GPP_D", "by rule")
        self.assertIn("] Provisioning", self.text_of_tab("Status"))

    @covers("WEB-INFO-DEBUG", "SYSLOG-WEB-MESSAGES")
    def test_the_messages_link_of_debug_info_shows_the_log(self):
        self.start_phone()
        self.open("/admin/resync?" + self.rig.servers["tftp"] + "/basic.txt")
        self.refreshed("GPP_A", "12345678")
        self.open_tab("Debug Info")
        self.browser.find_element(By.LINK_TEXT, "messages").click()
        self.wait(lambda: "Successful resync" in self.browser.find_element(By.TAG_NAME, "body").text, "the log")
        self.assertIn("Requesting resync", self.browser.find_element(By.TAG_NAME, "body").text)

    def test_a_resync_can_be_started_from_the_form_of_debug_info(self):
        self.start_phone()
        address = self.rig.servers["tftp"] + "/basic.txt"
        self.open()
        self.open_tab("Debug Info")
        self.browser.find_element(By.NAME, "url").send_keys(address, Keys.ENTER)
        self.wait(lambda: address in self.says(), "the answer names the address")

    def test_every_tab_is_reached_by_keyboard_and_keeps_its_place_on_refresh(self):
        self.start_phone()
        self.open()
        link = self.browser.find_element(By.CSS_SELECTOR, "nav.tabs").find_element(By.LINK_TEXT, "Regional")
        link.send_keys(Keys.ENTER)
        self.wait(lambda: self.heading().endswith("Regional"), "the tab is shown")
        self.browser.refresh()
        self.assertTrue(self.heading().endswith("Regional"))

    def test_every_field_has_its_label(self):
        self.start_phone()
        self.open()
        nameless = self.browser.execute_script(
            "return [...document.querySelectorAll('input,select')].filter(one => !one.labels.length)"
            ".map(one => one.name)")
        self.assertEqual(nameless, [])

    def test_every_tab_fits_its_window_in_light_and_dark(self):
        self.start_phone()
        self.open()
        titles = [one.text for one in self.browser.find_elements(By.CSS_SELECTOR, "nav.tabs a")]
        self.assertIn("Provisioning", titles)
        for look, width, scheme in (("light", None, "light"), ("dark", None, "dark"), ("narrow", 400, "light")):
            self.narrow(width) if width else self.wide()
            self.colours(scheme)
            for title in titles:
                with self.subTest(look=look, tab=title):
                    self.open_tab(title)
                    overhang = self.browser.execute_script(
                        "return document.scrollingElement.scrollWidth - window.innerWidth")
                    self.assertLessEqual(overhang, 0, "wider than the window")
                    name = re.sub(r"[^a-z0-9]+", "-", title.lower())
                    self.browser.save_screenshot(str(self.pictures / f"{look}-{name}.png"))

    def test_the_browser_has_nothing_to_complain_about(self):
        self.start_phone()
        self.browser.get_log("browser")
        for path in ("/", "/basic", "/advanced", "/admin/basic", "/admin/advanced", "/admin/factory-reset"):
            self.open(path)
        complaints = [one["message"] for one in self.browser.get_log("browser") if one["level"] in ("SEVERE", "WARNING")]
        self.assertEqual(complaints, [])


if __name__ == "__main__":
    main()
