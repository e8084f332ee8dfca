"""What tests of the reviews room may ask for beside the application."""

from pathlib import Path

import pytest
from flask import Flask

from widget.core.storage import FolderStorage


@pytest.fixture
def media_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of photos and videos, empty."""
    monkeypatch.setitem(app.extensions, "regulars_storage", FolderStorage(tmp_path / "media"))
    return tmp_path / "media"
