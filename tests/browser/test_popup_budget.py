"""What popups cost a shopper, in brotli bytes as served."""

from tests.browser.test_widget_budget import ELEMENT, STATIC, find_imports
from widget.core.static_files import SCRIPTS
from widget.embed.service import ELEMENTS

# What waits in a page for the moment, what comes when it has, and both together, each beyond static/js/core.
WATCH_BYTES = int(1.8 * 1024)
OPEN_BYTES = 4 * 1024
ALL_BYTES = int(5.7 * 1024)
WATCH = "popups/popup-watch.js"
POPUP = "popups/popup-element.js"


def weigh(modules: set[str]) -> int:
    bodies = [SCRIPTS.find_body(name) for name in modules]
    return sum(len(body.brotli) for body in bodies if body is not None)


def own(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("popups/")}


def test_popups_are_within_their_budget() -> None:
    watch, element = own(find_imports(WATCH)), own(find_imports(POPUP))
    assert weigh(watch) <= WATCH_BYTES
    assert weigh(element - watch) <= OPEN_BYTES
    assert weigh(watch | element) <= ALL_BYTES


def test_waiting_brings_nothing_that_only_opening_needs() -> None:
    assert not {name for name in find_imports(WATCH) if "sheet" in name or "style" in name or "view" in name}


def test_boot_names_every_module_of_a_popup_so_that_none_waits_for_another() -> None:
    _, _, *files = ELEMENTS["popup"]
    assert f"{files[0]}.js" == POPUP
    assert sorted(f"{file}.js" for file in files) == sorted(find_imports(POPUP))


def test_survey_pays_nothing_for_popups() -> None:
    assert not own(find_imports(ELEMENT))


def test_minified_modules_are_still_the_same_scripts() -> None:
    for name in own(find_imports(WATCH) | find_imports(POPUP)):
        body = SCRIPTS.find_body(name)
        assert body is not None
        assert body.plain.count(b"=>") == (STATIC / name).read_bytes().count(b"=>"), name
