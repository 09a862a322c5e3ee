#!/usr/bin/env python3
"""Looks at pages of `ablate report --format html` in Chromium as a reader does: at 390 and 1280 pixels, light and dark, by keyboard, on paper.

Counts what axe-core finds wrong, pages wider than the screen, controls that the tab key does not come to or that show no sign of it, requests
to anything outside the page, and what is cut off on paper. With --out it writes screenshots, and a PDF, to look at. Needs Chromium and the Python
packages playwright and axe-playwright-python (`make deps-readers`). Exit code 1 when something is found, 74 when there is no browser.
"""

import os
import pathlib
import shutil
import sys

from environment import ROOT, start_with
from failure import INPUT_OUTPUT, ArgumentParser, fail

SCREENS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
# What is wider than the page, though it does not scroll.
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && !e.closest('.unseen')
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 100))"""
CONTROLS = """() => [...document.querySelectorAll('a[href],summary,[tabindex]')].filter(e => e.checkVisibility()).length"""
# The element that has the focus, as its place among all, and whether that can be seen.
FOCUS = """() => { const e = document.activeElement; const place = [...document.querySelectorAll('*')].indexOf(e);
    const style = getComputedStyle(e); return [e === document.body ? -1 : place, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2] }"""
# Tables that do not fit on paper.
CUT_OFF = """() => [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.querySelector('caption').textContent}: ${e.scrollWidth} of ${e.clientWidth} pixels`)"""
# A4 without its margins of 12 mm, in pixels of 1/96 inch.
PAPER_WIDTH = 703
REMEDY = "make deps-readers installs what is needed"


def check(browser, axe, page_file, out):
    """What is wrong, a line each."""
    found = []
    for width, scheme in SCREENS:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=2 if width < 500 else 1)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or found.append(f"asks for {request.url}"))
        page.goto(page_file.resolve().as_uri())
        place = f"{width} pixels, {scheme}"
        found += [f"{place}: wider than the screen: {element}" for element in page.evaluate(TOO_WIDE)]
        if out:
            page.screenshot(path=out / f"{page_file.stem}-{width}-{scheme}.png", full_page=True)
        # Tables that are folded in are looked at too, as far as they differ.
        page.evaluate("document.querySelectorAll('details').forEach((d, i) => { d.open = i < 3 })")
        for violation in axe.run(page).response["violations"]:
            nodes = violation["nodes"]
            found.append(f"{place}: axe-core: {violation['id']} ({violation['impact']}), {len(nodes)} times: {nodes[0]['html'][:120]}")
        if (width, scheme) == SCREENS[0]:
            found += keyboard(page)
        if (width, scheme) == SCREENS[-1]:
            found += paper(page, out and out / f"{page_file.stem}.pdf")
        context.close()
    return found


def keyboard(page):
    count = page.evaluate(CONTROLS)
    reached, hidden = set(), 0
    for _ in range(count):
        page.keyboard.press("Tab")
        element, is_seen = page.evaluate(FOCUS)
        reached.add(element)
        hidden += not is_seen
    missing = count - len(reached - {-1})
    return [f"keyboard: the tab key does not come to {missing} of {count} controls"] * (missing > 0) + \
        [f"keyboard: {hidden} of {count} controls do not show that they have the focus"] * (hidden > 0)


def paper(page, file):
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = false })")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
    found = [f"paper: cut off: {table}" for table in page.evaluate(CUT_OFF)]
    if file:
        page.pdf(path=file, prefer_css_page_size=True)
    return found


def main():
    parser = ArgumentParser(__doc__)
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, help="folder of the screenshots")
    options = parser.parse_args()
    for page in options.pages:
        if not page.is_file():
            fail(f"{page}: there is no such file", INPUT_OUTPUT)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        fail(f"there is no Chromium; {REMEDY}", INPUT_OUTPUT)
    start_with(os.environ.get("READER_PYTHON") or str(ROOT / ".build" / "readers" / "bin" / "python"), ["axe_playwright_python", "playwright"], REMEDY)
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    found = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        axe = Axe()
        for page in options.pages:
            faults = check(browser, axe, page, options.out)
            print(f"{page.name}: {len(SCREENS)} screens, keyboard and paper: {len(faults)} faults")
            for fault in faults:
                print("  " + fault)
            found += len(faults)
        browser.close()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
