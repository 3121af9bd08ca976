"""axe-core in a page: half a megabyte that a page compiles once, and an answer that holds what is wrong only."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe().axe_script
_LOOK = """async (options) => {
    const { passes, violations } = await axe.run(options);
    return { passes: passes.length, violations };
}"""


def found(page: Page, state: str, options: dict[str, Any]) -> list[str]:
    """Returns what axe-core finds wrong with the page as it is now.

    Args:
        page: The page.
        state: What each line begins with.
        options: Of `axe.run`, added to what keeps its answer short.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    # What passes is listed with one place instead of all: hundreds of pieces of HTML are written down for nobody.
    answer = page.evaluate(_LOOK, {"resultTypes": ["violations"], **options})
    assert answer["passes"], "axe has not looked"
    return [
        f"{state}: {rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
