"""Shoppers' browsers over real sockets: many at once, and answers sent again until they arrive."""

import http.client
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.cast import SiteOfCast

Answer = tuple[int, dict[str, Any]]
RETRY_SECONDS = 30


@dataclass
class Browsers:
    """Browsers on a site's pages, answering one survey."""

    port: int
    site: SiteOfCast
    survey_id: uuid.UUID
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    def post(self, body: dict[str, Any]) -> Answer:
        """Send one answer and return status and document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(
                "POST",
                f"/embed/v1/{self.site.key}/surveys/{self.survey_id}/responses",
                json.dumps(body),
                {"Content-Type": "application/json", "Origin": self.site.origin},
            )
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def post_together(self, bodies: list[dict[str, Any]]) -> list[Answer]:
        """Send all answers at one moment."""
        barrier = threading.Barrier(len(bodies))

        def send(body: dict[str, Any]) -> Answer:
            barrier.wait(timeout=20)
            return self.post(body)

        with ThreadPoolExecutor(len(bodies)) as threads:
            return list(threads.map(send, bodies))

    def answer_until(self, stop: threading.Event) -> None:
        """Answer under new ids, each sent again until a 2xx acknowledges it; the last one too."""
        while not stop.is_set():
            body = new_answer(comment=uuid.uuid4().hex)
            self.sent.add(body["id"])
            deadline = time.monotonic() + RETRY_SECONDS
            while not self._is_acknowledged(body):
                if time.monotonic() > deadline:
                    raise TimeoutError("no server acknowledged the answer")
                time.sleep(0.02)

    def _is_acknowledged(self, body: dict[str, Any]) -> bool:
        try:
            status, document = self.post(body)
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return False
        if status >= 500:
            return False
        assert status in (200, 201), document
        self.acknowledged[body["id"]] = document
        return True


def new_answer(comment: str = "Lovely", **changes: Any) -> dict[str, Any]:
    """Return a finished answer under a new id."""
    return {
        "id": str(uuid.uuid4()),
        "answers": {"score": 9, "comment": comment},
        "completed": True,
        "hidden": {"order_id": "1001"},
        **changes,
    }
