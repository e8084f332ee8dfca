"""The documents say what the code does: names of settings, problems, commands, addresses and links."""

import importlib.metadata
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from widget.config import Settings
from widget.core.problems import Problem
from widget.demo import signing

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")])
DOCUMENT_NAMES = [document.relative_to(REPOSITORY).as_posix() for document in DOCUMENTS]
TABLE_NAME = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)
COMMAND = re.compile(r"flask --app wsgi ([^\n`&]+)")
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
SOURCE_FILE = re.compile(r"`([\w./-]+\.(?:py|js|html|css))`")


class RecordingEnvironment(Mapping[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def settings_tables() -> tuple[dict[str, str], dict[str, str]]:
    """Return the names and defaults of the settings document: the application's and gunicorn's."""
    ours, theirs = read("docs/settings.md").split("`gunicorn.conf.py`")
    return dict(TABLE_NAME.findall(ours)), dict(TABLE_NAME.findall(theirs))


def read_settings(tmp_path: Path) -> tuple[Settings, set[str]]:
    environment = RecordingEnvironment({"DATA_DIR": str(tmp_path)})
    return Settings.from_env(environment), environment.asked


def test_settings_document_names_every_setting_and_no_other(tmp_path: Path) -> None:
    _, asked = read_settings(tmp_path)
    assert set(settings_tables()[0]) == asked


def test_settings_document_states_the_defaults(tmp_path: Path) -> None:
    settings, _ = read_settings(tmp_path)
    plain = {
        name: default.strip("`") for name, default in settings_tables()[0].items() if re.fullmatch(r"`[\w.]+`", default)
    }
    assert plain.keys() >= {"HOST", "PORT", "TRUSTED_PROXIES", "VISITOR_LIMIT", "PREFIX_LIMIT", "SITE_LIMIT"}
    plain["DEMO"] = str(plain["DEMO"] == "1")
    assert plain == {name: str(getattr(settings, name.lower())) for name in plain}


def test_settings_document_names_what_gunicorn_reads(tmp_path: Path) -> None:
    _, asked = read_settings(tmp_path)
    read_by_gunicorn = set(re.findall(r'environ\.get\("(\w+)"', read("gunicorn.conf.py")))
    assert set(settings_tables()[1]) == read_by_gunicorn - asked - {"PROMETHEUS_MULTIPROC_DIR"}


def list_problems(base: type[Problem]) -> Iterator[type[Problem]]:
    yield base
    for problem in base.__subclasses__():
        yield from list_problems(problem)


@pytest.mark.usefixtures("sqlite_app")
def test_problems_document_lists_every_problem_with_its_status() -> None:
    documented = dict(TABLE_NAME.findall(read("docs/problems.md")))
    ours = {problem for problem in list_problems(Problem) if problem.__module__.startswith("widget.")}
    assert documented == {problem.slug: str(problem.status) for problem in ours}


def find_command(app: Flask, words: list[str]) -> click.Command | None:
    """Return the command a line names, through its groups."""
    plugins = {entry.name: entry for entry in importlib.metadata.entry_points(group="flask.commands")}
    commands: Mapping[str, click.Command] = app.cli.commands
    command = None
    for word in words:
        command = commands.get(word) or (plugins[word].load() if command is None and word in plugins else None)
        if not isinstance(command, click.Group):
            return command
        commands = command.commands
    return command


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_commands_of_the_documents_exist(sqlite_app: Flask, name: str) -> None:
    for line in COMMAND.findall(read(name)):
        words = line.split()
        command = find_command(sqlite_app, words)
        assert command is not None, line
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_make_targets_of_the_documents_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)(?:PORT=\d+ )?make ([a-z]+)", read(name), re.MULTILINE)) <= targets


def anchors_of(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_links_of_the_documents_lead_somewhere(name: str) -> None:
    document = REPOSITORY / name
    for link in LINK.findall(read(name)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


def test_files_the_architecture_names_exist() -> None:
    ours = [REPOSITORY / "gunicorn.conf.py", REPOSITORY / "wsgi.py"]
    for folder in ("widget", "static", "templates", "bench", "tests"):
        ours += [path for path in (REPOSITORY / folder).rglob("*") if path.is_file()]
    paths = [f"/{path.relative_to(REPOSITORY).as_posix()}" for path in ours]
    for name in SOURCE_FILE.findall(read("docs/architecture.md")):
        assert any(path.endswith(f"/{name}") for path in paths), name


def test_addresses_of_the_interface_document_exist(sqlite_app: Flask) -> None:
    routes = {
        (method, re.sub(r"<[^>]*>", "*", rule.rule))
        for rule in sqlite_app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    rows = re.findall(r"^\| `(GET|POST|PUT|PATCH) (\S+?)(?:\?\S*)?` \|", read("docs/http-api.md"), re.MULTILINE)
    assert rows
    for method, address in rows:
        path = re.sub(r"\b(SITE_KEY|ID)\b", "*", address.replace("...", "/embed/v1/SITE_KEY"))
        assert (method, path) in routes, f"{method} {address}"


def sign_as_documented(cast: Cast, customer: object) -> str:
    """Run the Python example of the document with a site's own values."""
    example = re.findall(r"```python\n(.+?)```", read("docs/embed.md"), re.DOTALL)[0]
    assert len(example.strip().splitlines()) == 5
    names: dict[str, object] = {
        "SITE_KEY": cast.maple.key,
        "SIGNING_KEY": cast.maple.signing_key,
        "SIGNING_KEY_ID": cast.maple.signing_key_id,
        "customer": customer,
    }
    exec(example, names)
    return str(names["token"])


def test_store_that_signs_as_the_document_says_gets_a_session(client: FlaskClient, cast: Cast) -> None:
    carol = SimpleNamespace(id="carol", email="carol@shoppers.example", name="Carol")
    answer = client.post(
        f"/embed/v1/{cast.maple.key}/sessions",
        json={"customer_token": sign_as_documented(cast, carol)},
        headers=cast.maple.page_headers,
    )
    assert answer.status_code == 200
    assert answer.json["session_token"]


def test_demo_signs_as_the_document_says() -> None:
    demo = Path(signing.__file__).read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.+?)```", read("docs/embed.md"), re.DOTALL)[0]
    assert 'headers={"kid":' in demo
    for claim in re.findall(r'"(\w+)":', example):
        assert f'"{claim}":' in demo, claim
