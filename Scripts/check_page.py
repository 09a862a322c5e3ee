#!/usr/bin/env python3
"""Looks at pages of `ablate report --format html` in Chromium, at 390 and 1280 pixels, light and dark, and on paper.

Counts what axe-core finds, whether a page is wider than the screen, and how far the tab key comes; writes screenshots and a PDF.
Needs Debian's chromium and chromium-driver, and the Python packages selenium and axe-selenium-python. Exit code 1 when something is found.
"""

import argparse
import base64
import importlib.util
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the screenshots")
    options = parser.parse_args()
    package = pathlib.Path(importlib.util.find_spec("axe_selenium_python").origin).parent
    axe = (package / "node_modules/axe-core/axe.min.js").read_text()
    options.out.mkdir(parents=True, exist_ok=True)

    settings = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-dev-shm-usage"]:
        settings.add_argument(argument)
    browser = webdriver.Chrome(options=settings, service=Service("/usr/bin/chromedriver"))
    browser.set_script_timeout(120)
    found = 0
    try:
        for page in options.pages:
            for width, scheme in [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]:
                browser.execute_cdp_cmd(
                    "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
                metrics = {"width": width, "height": 900, "deviceScaleFactor": 2 if width < 500 else 1, "mobile": width < 500}
                browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                browser.get(page.resolve().as_uri())
                height, total = browser.execute_script(
                    "return [document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
                browser.execute_script("document.querySelectorAll('details').forEach((d, i) => { if (i < 4) d.open = true })")
                # Chromium runs this in spite of the page's own policy.
                browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
                result = browser.execute_async_script(
                    "const done = arguments[0]; axe.run().then(r => done([axe.version, r.passes.length, r.violations.map("
                    "v => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 120)])]))")
                print(f"{page.name} {width} {scheme}: axe-core {result[0]}: {result[1]} rules passed, "
                      f"{len(result[2])} violated; {total} of {width} pixels wide")
                for violation in result[2]:
                    print("  ", *violation)
                found += len(result[2]) + (total > width)
                browser.execute_script("document.querySelectorAll('details').forEach(d => { d.open = false })")
                metrics["height"] = min(height, 7000)
                browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                browser.save_screenshot(str(options.out / f"{page.stem}-{width}-{scheme}.png"))
            paper = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "preferCSSPageSize": True})
            (options.out / f"{page.stem}.pdf").write_bytes(base64.b64decode(paper["data"]))
            reached = browser.execute_script(
                "return [...document.querySelectorAll('a,summary,[tabindex]')].filter(e => e.tabIndex < 0).length")
            print(f"{page.name}: {reached} controls that the tab key does not reach")
            found += reached
    finally:
        browser.quit()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
