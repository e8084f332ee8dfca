"""The files of store pages are made of the modules, each in one place."""

import pytest

from widget.core.joined_scripts import FILES, Module, join_modules
from widget.core.static_files import STATIC_DIR, read_texts

MODULES = {
    path.removesuffix(".js"): text
    for path, text in read_texts(STATIC_DIR / "js").items()
    if not path.startswith("dashboard/")
}


def test_every_module_is_in_one_file() -> None:
    files = join_modules(MODULES, FILES)
    for path, source in MODULES.items():
        body = Module(path, source).body
        holding = [file for file, text in files.items() if body in text]
        assert len(holding) == 1 or not Module(path, source).names, path


def test_file_has_what_it_imports_before_what_uses_it() -> None:
    sources = {
        "sheet": 'import { frame } from "./frame.js";\nexport const sheet = frame(1);\n',
        "frame": 'import { make } from "./dom.js";\nexport const frame = make;\n',
        "dom": "export const make = (value) => value;\n",
    }
    joined = join_modules(sources, ["sheet"])["sheet"]
    assert joined.index("const make") < joined.index("const frame") < joined.index("const sheet")
    assert "import" not in joined


def test_files_of_one_folder_and_of_others_find_each_other() -> None:
    sources = {
        "core/dom": "export const make = () => 1;\n",
        "reviews/list": "export const list = () => 2;\n",
        "reviews/form": (
            'import { make } from "../core/dom.js";\nimport { list } from "./list.js";\n'
            "export const show = () => [make(), list()];\n"
        ),
    }
    joined = join_modules(sources, list(sources))
    assert 'from "../core/dom.js"' in joined["reviews/form"]
    assert 'from "./list.js"' in joined["reviews/form"]


def test_modules_of_one_file_cannot_name_two_things_alike() -> None:
    sources = {
        "ask": 'import { make } from "./dom.js";\nconst style = 1;\nexport const ask = () => make(style);\n',
        "dom": "const style = 2;\nexport const make = () => style;\n",
    }
    with pytest.raises(ValueError, match="two of its modules name something style"):
        join_modules(sources, ["ask"])
    assert join_modules(sources, ["dom", "ask"])


@pytest.mark.parametrize(
    "line",
    [
        'import * as dom from "./dom.js";',
        'import dom from "./dom.js";',
        "export default 1;",
        "export { make };",
        'export * from "./dom.js";',
    ],
)
def test_module_that_is_written_in_another_way_is_refused(line: str) -> None:
    sources = {"ask": f"{line}\n", "dom": "export const make = 1;\n"}
    with pytest.raises(ValueError, match="cannot be joined"):
        join_modules(sources, ["dom", "ask"])
