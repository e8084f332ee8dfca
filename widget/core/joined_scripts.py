"""The files a store page fetches: modules that belong together, joined into one.

Modules are written to be read, each with one purpose, and are valid as they stand. One file of them is fetched with one
request, and brotli makes it far smaller than its parts. The modules of a file share a scope, so what they
name at their top has to differ. What only files import of each other goes by letters.
"""

import posixpath
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

# Each file bears the name of a module, and holds that module with all it imports but for what files before it hold.
FILES = (
    "embed",
    "core/base",
    "core/widget",
    "core/codes",
    "core/session",
    "core/form",
    "core/asking",
    "core/gates",
    "insights/page-time",
    "surveys/survey-element",
    "surveys/survey-tab",
    "surveys/questions-run",
    "surveys/debug",
    "reviews/stars-element",
    "reviews/reviews-element",
    "reviews/reading",
    "reviews/form-element",
    "reviews/form-media",
    "loyalty/points-element",
    "loyalty/points-card",
    "loyalty/points-use",
    "popups/popup-watch",
    "popups/popup-element",
    "referrals/referral-element",
    "referrals/referral-card",
    "referrals/referral-form",
    "referrals/landing",
)
_IMPORT = re.compile(r'^(import|export) (?:{([^}]*)} from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^(?:const|let|class|function|async function) (?:(\w+)|[{\[]([^}\]]*))", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """One module: its address below static/js without the ending, and its text."""

    path: str
    source: str

    @cached_property
    def imports(self) -> list[tuple[str, list[str]]]:
        """What it imports, or exports again, from which other module."""
        return [(self._resolve(found[3]), _split(found[2] or "")) for found in _IMPORT.finditer(self.source)]

    @cached_property
    def exports(self) -> list[str]:
        """The names it gives to others."""
        again = [name for found in _IMPORT.finditer(self.source) if found[1] == "export" for name in _split(found[2])]
        return again + _EXPORT.findall(self.source)

    @cached_property
    def body(self) -> str:
        """Its text without imports and exports. Raise ValueError for one that is written in another way."""
        body = _EXPORT.sub("", _IMPORT.sub("", self.source))
        if unknown := _UNKNOWN.search(body):
            raise ValueError(f"{self.path}: cannot be joined: {unknown[0]}")
        return body

    @cached_property
    def names(self) -> list[str]:
        """What it names at its top."""
        return [name for found in _NAME.finditer(self.body) for name in ([found[1]] if found[1] else _split(found[2]))]

    def _resolve(self, address: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), address)).removesuffix(".js")


def join_modules(sources: Mapping[str, str], files: Sequence[str]) -> dict[str, str]:
    """Return the text of each file, made of the sources of modules by their paths.

    >>> sources = {"ask": 'import { make } from "./dom.js";\\nexport const ask = () => make();\\n'}
    >>> sources["dom"] = "export const make = () => 1;\\n"
    >>> print(join_modules(sources, ["ask"])["ask"])
    export const { ask } = (() => {
    const make = () => 1;
    const ask = () => make();
    return { ask };
    })();
    >>> print(join_modules(sources, ["dom", "ask"])["ask"])
    import * as f0 from "./dom.js";
    export const { ask } = (({ a: make }) => {
    const ask = () => make();
    return { ask };
    })(f0);
    """
    modules = {path: Module(path, source) for path, source in sources.items()}
    held: dict[str, str] = {}
    inside: dict[str, list[Module]] = {file: [] for file in files}
    for file in files:
        _hold(file, file, modules, held, inside)
    taken = {file: _list_taken(file, inside[file], held) for file in files}
    given = {file: sorted({name for names in taken.values() for name in names.get(file, ())}) for file in files}
    letters = {file: dict(zip(names, string.ascii_letters, strict=False)) for file, names in given.items()}
    return {file: _write(file, inside[file], taken[file], letters) for file in files}


def _hold(
    path: str, file: str, modules: Mapping[str, Module], held: dict[str, str], inside: Mapping[str, list[Module]]
) -> None:
    """Put a module into a file, after what it imports."""
    if path in held:
        return
    held[path] = file
    for source, _ in modules[path].imports:
        _hold(source, file, modules, held, inside)
    inside[file].append(modules[path])


def _list_taken(file: str, modules: Sequence[Module], held: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what the modules of a file import from other files, by the file."""
    taken: dict[str, list[str]] = {}
    for module in modules:
        for source, names in module.imports:
            if held[source] != file:
                known = taken.setdefault(held[source], [])
                known += [name for name in names if name not in known]
    return taken


def _write(
    file: str, modules: Sequence[Module], taken: Mapping[str, Sequence[str]], letters: Mapping[str, Mapping[str, str]]
) -> str:
    _check_names(file, modules, [name for names in taken.values() for name in names])
    body = "".join(module.body for module in modules)
    named = modules[-1].exports
    shared = letters[file]
    if not named and not shared and not taken:
        return body
    folder = posixpath.dirname(file) or "."
    lines, rooms = [], []
    for place, (other, names) in enumerate(taken.items()):
        address = posixpath.relpath(other, folder)
        lines.append(f'import * as f{place} from "{address if address[0] == "." else f"./{address}"}.js";\n')
        rooms.append(", ".join(f"{letters[other][name]}: {name}" for name in names))
    arguments = ", ".join(f"f{place}" for place in range(len(taken)))
    parameters = ", ".join(f"{{ {room} }}" for room in rooms)
    told = ", ".join([*named, *shared.values()])
    returned = ", ".join([*named, *(f"{letter}: {name}" for name, letter in shared.items())])
    wrapped = f"(({parameters}) => {{\n{body}return {{ {returned} }};\n}})({arguments});"
    return f"{''.join(lines)}export const {{ {told} }} = {wrapped}"


def _check_names(file: str, modules: Sequence[Module], imported: Sequence[str]) -> None:
    seen = set()
    for name in [*imported, *(name for module in modules for name in module.names)]:
        if name in seen:
            raise ValueError(f"{file}: two of its modules name something {name}")
        seen.add(name)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
