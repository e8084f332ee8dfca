"""What is fetched by an address somebody else wrote: the public internet, to the address that was checked, so much."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from widget.core import fetching
from widget.core.fetching import FetchLimits, FetchRefused, fetch, is_public

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 40


class Photos(BaseHTTPRequestHandler):
    """Somebody's server of photos, with whatever can go wrong."""

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path))
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
            self.end_headers()
            return
        status = {"/missing": 404, "/empty": 204}.get(self.path, 200)
        self.send_response(status)
        if self.path == "/endless":
            self.end_headers()
            self.wfile.write(bytes(300_000))
            return
        self.send_header("Content-Length", str(len(PHOTO) + (self.path == "/cut")))
        self.end_headers()
        if self.path == "/drip":
            self.drip()
        elif status == 200:
            self.wfile.write(PHOTO)

    def drip(self) -> None:
        try:
            for at in range(200):
                self.wfile.write(PHOTO[at : at + 1])
                # Slower than the limit of time, so that the reader gives up first.
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_args: object) -> None:
        """Keep the test output quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Photos)
        self.asked: list[tuple[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what is tested."""

    def limits(self, **changes: object) -> FetchLimits:
        """Return limits that let this server, and nothing else private, be reached by the name photos.example."""
        own = {
            "max_bytes": 100_000,
            "ports": frozenset({self.server_port}),
            "is_allowed": lambda address: address == "127.0.0.1" or is_public(address),
            "resolve": lambda host, port: ["127.0.0.1"] if host == "photos.example" else fetching.resolve(host, port),
        }
        return FetchLimits(**{**own, **changes})

    def address(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://photos.example:{self.server_port}{path}"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def refused(url: str, limits: FetchLimits) -> str:
    with pytest.raises(FetchRefused) as caught:
        fetch(url, limits)
    return caught.value.reason


def test_a_photo_is_fetched_under_the_name_it_was_asked_by(server: Server) -> None:
    assert fetch(server.address("/a%20b.jpg?v=1"), server.limits()) == PHOTO
    assert fetch("  " + server.address("/tè b.jpg"), server.limits()) == PHOTO
    host = f"photos.example:{server.server_port}"
    assert server.asked == [(host, "/a%20b.jpg?v=1"), (host, "/t%C3%A8%20b.jpg")]


def test_a_redirect_is_followed_a_few_times(server: Server) -> None:
    assert fetch(server.address("/to?/a.jpg"), server.limits()) == PHOTO
    assert fetch(server.address("/to?" + server.address("/a.jpg")), server.limits()) == PHOTO
    assert refused(server.address("/to?" + "/to?" * 3 + "/a.jpg"), server.limits()) == "too_many_redirects"


@pytest.mark.parametrize("target", ["http://10.0.0.8/", "http://[::1]:{port}/", "file:///etc/passwd", "gopher://x/"])
def test_a_redirect_to_a_private_place_is_refused(server: Server, target: str) -> None:
    limits = server.limits(ports=frozenset({80, server.server_port}))
    assert refused(server.address("/to?" + target.format(port=server.server_port)), limits) == "address"


def test_the_machine_itself_is_refused_although_a_server_runs_there(server: Server) -> None:
    limits = FetchLimits(100_000, ports=frozenset({server.server_port}))
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0.0.0.0",
                 "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]"):  # fmt: skip
        assert refused(f"http://{host}:{server.server_port}/", limits) in ("address", "unreachable"), host
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "192.0.2.1",
     "198.18.0.1", "203.0.113.9", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1", "64:ff9b::7f00:1",
     "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1:1::", "2001:db8::1", "100::1", "no address", ""],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    assert refused("http://photos.example/", FetchLimits(10, resolve=lambda _host, _port: [address])) == "address"


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_public(address)


def test_a_name_that_also_leads_inside_is_refused(server: Server) -> None:
    limits = server.limits(resolve=lambda _host, _port: ["127.0.0.1", "10.0.0.1"])
    assert refused(server.address("/a.jpg"), limits) == "address"
    assert refused(server.address("/a.jpg"), server.limits(resolve=lambda _host, _port: [])) == "address"
    assert server.asked == []


def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_once(server: Server) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    assert fetch(server.address("/a.jpg"), server.limits(resolve=lambda _host, _port: next(answers))) == PHOTO
    assert list(answers) == [["10.0.0.1"]]


@pytest.mark.parametrize(
    "url",
    ["", "photos.example/a.jpg", "//photos.example/a.jpg", "ftp://photos.example/a", "file:///etc/passwd",
     "javascript:alert(1)", "data:image/png;base64,AAAA", "http://", "http:///a", "http://user@photos.example/",
     "http://user:word@photos.example/", "http://photos.example@127.0.0.1/", "http://photos.example\\@127.0.0.1/",
     "http://photos.example:99999/", "http://photos.example:x/", "http://photos.example:22/", "https://photos.example:6379/",
     "http://[::1/", "http://photos.example:80:80/"],
)  # fmt: skip
def test_what_is_no_address_of_a_photo_is_refused(url: str) -> None:
    assert refused(url, FetchLimits(10, resolve=lambda _host, _port: pytest.fail("nothing is looked up"))) == "address"


def test_line_breaks_reach_no_header(server: Server) -> None:
    assert fetch(server.address("/a\r\nX-Evil: 1\r\n\r\nb"), server.limits()) == PHOTO
    assert server.asked[0][1].startswith("/a%0D%0AX-Evil")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/missing", "status"), ("/empty", "status"), ("/cut", "unreachable"), ("/endless", "too_large"),
     ("/drip", "too_slow")],
)  # fmt: skip
def test_what_does_not_come_as_it_should_is_refused(server: Server, path: str, reason: str) -> None:
    began = time.monotonic()
    assert refused(server.address(path), server.limits(seconds=0.5 if path == "/drip" else 10)) == reason
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        limits = FetchLimits(10, seconds=0.3, ports=frozenset({port}), is_allowed=lambda _address: True)
        assert refused(f"http://127.0.0.1:{port}/", limits) == "too_slow"
    assert refused(f"http://127.0.0.1:{port}/", limits) == "unreachable"


def make_certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.9"))])
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_must_be_of_the_name_and_not_of_the_address(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "photos.example")
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(certificate)
    server.socket = speaking.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    assert refused(server.address("/a.jpg", "https"), server.limits()) == "unreachable"
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(fetching, "_tls_context", lambda: trusting)
    assert fetch(server.address("/a.jpg", "https"), server.limits()) == PHOTO
    other = server.address("/a.jpg", "https").replace("photos.example", "other.example")
    assert refused(other, server.limits(resolve=lambda _host, _port: ["127.0.0.1"])) == "unreachable"
