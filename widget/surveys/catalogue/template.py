"""What a template of a survey is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Template:
    """A survey to start from; names and what it is good for by the owner's language, settings as columns."""

    key: str
    kind: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    settings: Mapping[str, Any]
