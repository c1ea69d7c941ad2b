#!/usr/bin/env python3
"""The pages in a real browser, as people use them: on a narrow phone, with the keyboard, without script.

    .venv/bin/python Tests/Browser/pages.py [TEPAT]

TEPAT is the program to test, .build/debug/tepat by default. It makes a small demonstration in a temporary folder and
serves it on the loopback interface; nothing is left behind.
"""

import base64
import csv
import hashlib
import hmac
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / ".build/debug/tepat"
CHROMIUM = next((p for p in map(shutil.which, ["chromium", "chromium-browser", "google-chrome"]) if p), None)
PHONE = {"width": 360, "height": 740}
MOST_BYTES = 60_000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def totp(secret):
    """The code of RFC 6238 that an authenticator shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start:start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tepat-browser.")
        cls.origin = f"http://127.0.0.1:{(port := free_port())}"
        cls.server = subprocess.Popen(
            [PROGRAM, "demo", "--families", "300", "--seed", "3", "--port", str(port),
             "--database", f"sqlite:{cls.folder.name}/tepat.sqlite"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=open(f"{cls.folder.name}/messages", "w"))
        cls.wait_until_it_serves()
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @classmethod
    def wait_until_it_serves(cls):
        for _ in range(600):
            if cls.server.poll() is not None:
                raise AssertionError(f"{PROGRAM} demo ended with {cls.server.returncode}")
            try:
                with urllib.request.urlopen(cls.origin + "/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the demonstration is not served after a minute")

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.server.terminate()
        assert cls.server.wait(timeout=20) == 0, "the server did not end well"
        cls.folder.cleanup()

    def setUp(self):
        self.context = self.browser.new_context(viewport=PHONE, java_script_enabled=False)
        self.page = self.context.new_page()
        self.troubles = []
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("requestfailed", self.note_failure)

    def note_failure(self, request):
        # What a page that is left was still loading is no trouble.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.url}: {request.failure}")

    def tearDown(self):
        self.context.close()
        # A page that says that something is wrong has the status of that: no trouble of the page.
        # What the browser clears at sign-out it says in its console: none either.
        told = ["responded with a status of 4", "Clear-Site-Data"]
        self.assertEqual([t for t in self.troubles if not any(part in t for part in told)], [])

    def resident(self, skip=0):
        """A made-up resident whose birth date the register knows, from the agency's own file."""
        with open(f"{self.folder.name}/demo/agencies/dukcapil.csv", encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if len(r["nik"]) == 16 and len(r["tanggal_lahir"]) == 10]
        row = rows[skip]
        date = row["tanggal_lahir"]
        year, month, day = date.split("-") if date[4] == "-" else reversed(date.split("/"))
        return row["nik"], row["no_kk"], day, month, year

    def check(self, values):
        self.page.goto(self.origin + "/cek")
        for name, value in zip(["nik", "kk", "hari", "bulan", "tahun"], values):
            self.page.locator(f"input[name={name}]").fill(value)
        with self.page.expect_navigation():
            self.page.locator("form button").click()

    def staff_code(self, name):
        """What the authenticator of a made-up officer shows now."""
        return subprocess.run(
            [PROGRAM, "account", "code", name, "--database", f"sqlite:{self.folder.name}/tepat.sqlite"],
            cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    def sign_in(self, name, path="/meja"):
        """Signs in with the keyboard alone, from a page that asks for it."""
        with open(f"{self.folder.name}/messages", encoding="utf-8") as file:
            password = re.search(r"password ([A-Z2-9-]+),", file.read())[1]
        self.page.goto(self.origin + path)
        # The focus stands where one begins to write.
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.keyboard.type(self.staff_code(name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fits(self):
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.assertLessEqual(width, self.page.viewport_size["width"], self.page.url)

    def test_staff_do_their_work_from_sign_in_to_sign_out(self):
        self.page.set_viewport_size({"width": 320, "height": 640})
        self.sign_in("dinsos", "/tinjau")
        self.assertTrue(self.page.url.endswith("/tinjau"))
        self.assertIn("Dian Dinsos", self.page.locator("header").inner_text())
        self.fits()
        for path in ["/meja", "/akun", "/hak", "/tinjau/cari", "/kerja"]:
            self.page.goto(self.origin + path)
            self.fits()
        self.page.goto(self.origin + "/pengguna")
        self.assertIn("Bukan hak akun ini", self.page.locator("h1").inner_text())
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Keluar").click()
        self.assertTrue(self.page.url.endswith("/masuk"))
        self.page.goto(self.origin + "/tinjau")
        self.assertIn("/masuk", self.page.url)

    def test_an_administrator_makes_an_account_whose_owner_sets_it_up(self):
        self.sign_in("pengelola", "/pengguna")
        self.page.locator("#akun").fill("baru.sekali")
        self.page.locator("#orang").fill("Budi Baru")
        self.page.locator("#peran").select_option("agent")
        self.page.locator("#wilayah").fill("35.10.16.1007")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Buat akun").click()
        password = self.page.locator("[role=status] code").inner_text()
        self.page.goto(self.origin + "/jurnal")
        self.fits()
        self.assertIn("account.made", self.page.locator("table").inner_text())
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Keluar").click()

        self.page.locator("#nama").fill("baru.sekali")
        self.page.locator("#sandi").fill(password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.locator("#sandi-baru").fill("perahu nelayan pulang")
        self.page.locator("#sandi-ulang").fill("perahu nelayan pulang")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.fits()
        secret = self.page.locator("main code").inner_text().replace(" ", "")
        self.page.locator("#kode").fill(totp(secret))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.assertEqual(self.page.locator("main li code").count(), 10)
        with self.page.expect_navigation():
            self.page.get_by_role("link", name="Sudah saya simpan").click()
        self.assertIn("Budi Baru", self.page.locator("h1").inner_text())

    def test_every_page_fits_a_narrow_phone_and_is_small(self):
        for path in ["/", "/cek", "/kerja", "/kerja/35.10.16", "/masuk", "/nowhere"]:
            with self.subTest(path):
                answer = self.page.goto(self.origin + path)
                self.assertLess(len(answer.body()), MOST_BYTES)
                width = self.page.evaluate("document.documentElement.scrollWidth")
                self.assertLessEqual(width, PHONE["width"])

    def test_a_family_reads_its_decisions_with_the_keyboard_alone(self):
        self.page.goto(self.origin + "/cek")
        self.page.locator("input[name=nik]").focus()
        for value in self.resident():
            self.page.keyboard.type(value)
            self.page.keyboard.press("Tab")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.assertIn("Hasil", self.page.locator("h1").inner_text())
        text = self.page.locator("main").inner_text()
        self.assertIn("Program Keluarga Harapan", text)
        self.assertIn("Bantuan Sembako", text)
        self.assertNotIn(self.resident()[0], text + self.page.url)

    def test_a_wrong_birth_date_and_an_unknown_nik_read_the_same(self):
        nik, number, day, month, year = self.resident(1)
        self.check((nik, number, day, month, str(int(year) - 1)))
        wrong_date = self.page.locator("main").inner_text()
        self.check(("3599010101900999", number, day, month, year))
        self.assertEqual(self.page.locator("main").inner_text(), wrong_date)

    def test_what_is_missing_in_the_form_is_said_and_linked(self):
        self.check(("123", "", "1", "1", "1990"))
        links = self.page.locator("[role=alert] a, .errors a").all()
        self.assertTrue(links)
        for link in links:
            self.assertEqual(self.page.locator(link.get_attribute("href")).count(), 1)

    def test_the_language_changes_and_stays(self):
        self.page.goto(self.origin + "/")
        self.page.get_by_role("link", name="English").click()
        self.assertEqual(self.page.locator("html").get_attribute("lang"), "en")
        self.page.goto(self.origin + "/cek")
        self.assertEqual(self.page.locator("html").get_attribute("lang"), "en")

    def test_the_map_leads_to_a_districts_villages_and_has_a_table(self):
        self.page.goto(self.origin + "/kerja")
        districts = self.page.locator("svg a")
        self.assertEqual(districts.count(), 25)
        self.assertTrue(all(d.get_attribute("aria-label") or d.locator("title").count() for d in districts.all()))
        self.page.locator("svg a[href*='35.10.16']").focus()
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/kerja/35.10.16*")
        self.assertEqual(self.page.locator("tbody tr").count(), 18)


class Tries(Pages):
    """In a class of its own, on a server of its own: what is slowed down stays so for a while."""

    def test_wrong_tries_are_slowed_down(self):
        nik, number, day, month, year = self.resident(2)
        for _ in range(4):
            self.check((nik, number, day, month, str(int(year) - 2)))
        answer = self.context.request.post(
            self.origin + "/cek", headers={"Origin": self.origin},
            form={"nik": nik, "kk": number, "hari": day, "bulan": month, "tahun": year})
        self.assertEqual(answer.status, 429)
        self.assertGreater(int(answer.headers["retry-after"]), 0)


def load_tests(loader, standard, pattern):
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(Pages))
    suite.addTest(Tries("test_wrong_tries_are_slowed_down"))
    return suite


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"browser: {result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
