"""A server on this machine that stands for every publisher."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from geolyft.fetch.originals import BASE_URLS

GPKG = b"SQLite format 3\x00" + b"areas" * 1000
OTHER_GPKG = GPKG + b"one more"
ZIP = b"PK\x03\x04" + b"districts" * 1000


class Publisher(ThreadingHTTPServer):
    """Answers every question with its body, and remembers what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.body = GPKG
        self.status = 200
        self.promised_more = 0
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def bases(self) -> dict[str, str]:
        return dict.fromkeys(BASE_URLS, self.url)


class Answer(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = self.server.body
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body) + self.server.promised_more))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
