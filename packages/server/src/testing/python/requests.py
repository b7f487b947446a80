"""As much of the package `requests` as the published samples use, for machines without it."""
import json as _json
from urllib import error, parse, request


class _Response:
    def __init__(self, status, body):
        self.status_code = status
        self.text = body

    def json(self):
        return _json.loads(self.text)


def _send(method, url, headers=None, data=None):
    body = None if data is None else parse.urlencode(data).encode()
    asked = request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with request.urlopen(asked) as answer:
            return _Response(answer.status, answer.read().decode())
    except error.HTTPError as refused:
        return _Response(refused.code, refused.read().decode())


def get(url, headers=None):
    return _send("GET", url, headers)


def post(url, data=None, headers=None):
    return _send("POST", url, headers, data)
