# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON-RPC 2.0 client of the bridge.

It knows nothing of records or cursors: whoever calls it has already read what it needs, so that no database transaction
has to stay open, and certainly no lock, while the network answers.
"""

import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

PROTOCOL = 1

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30
MESSAGE_MAX_CHARS = 500

CODE_UNAUTHORIZED = -32001
CODE_FORBIDDEN = -32003
CODE_INVALID_PARAMS = -32602
CODE_INTERNAL_ERROR = -32603
CODE_UNKNOWN_TENANT = -32002
CODE_UPSTREAM_UNAVAILABLE = -32010
CODE_BUSY = -32014
CODE_RATE_LIMITED = -32015
CODE_TOO_LARGE = -32016
CODE_CONFLICT = -32017
CONNECTION_CODES = frozenset(
    (
        CODE_UNAUTHORIZED,
        CODE_UNKNOWN_TENANT,
        CODE_FORBIDDEN,
        CODE_UPSTREAM_UNAVAILABLE,
        CODE_BUSY,
        CODE_RATE_LIMITED,
    )
)
RETRY_AFTER_MAX_SECONDS = 3600


class BridgeError(Exception):
    """A call that brought no result.

    :ivar kind: ``refused`` (we did not even ask), ``unreachable``, ``timeout``, ``unauthorized``, ``mismatch``
        (versions do not fit), ``invalid_answer`` or ``rpc`` (the bridge answered with a JSON-RPC error)
    :ivar code: JSON-RPC error code, or the HTTP status where there is none, else 0
    :ivar details: list of ``(path, message)`` pairs, one for each bad field the bridge named
    :ivar retry_after: seconds the bridge asked us to wait, 0 when it did not say
    """

    # pylint: disable=too-many-arguments
    def __init__(self, kind, message, *, code=0, details=(), retry_after=0):
        super().__init__(message)
        self.kind = kind
        self.message = message[:MESSAGE_MAX_CHARS]
        self.code = code
        self.details = list(details)
        self.retry_after = retry_after

    @property
    def text(self):
        """The message with each bad field on a line of its own, unless the message names it already."""
        lines = [f"{path}: {message}" if path else message for path, message in self.details]
        return "\n".join([self.message, *(line for line in lines if line not in self.message)])

    @property
    def concerns_connection(self):
        """True when the next call would fail the same way, whatever it carries."""
        return self.kind != "rpc" or self.code in CONNECTION_CODES

    @property
    def concerns_content(self):
        """True when sending the same content again cannot help."""
        return self.kind == "rpc" and self.code in (CODE_INVALID_PARAMS, CODE_TOO_LARGE, CODE_CONFLICT)


@dataclass(frozen=True)
class Connection:
    """Everything one call needs, read from the database beforehand."""

    url: str
    token: str = field(default="", repr=False)
    database_uuid: str = ""
    refusal: str = ""
    record: Callable = field(default=lambda **values: None, repr=False)

    def call(self, method, params=None, read_timeout=READ_TIMEOUT_SECONDS):
        """Call ``method`` and return its result; every call is recorded, whatever becomes of it.

        :raises BridgeError: when there is no result
        """
        started = time.monotonic()
        error = None
        try:
            if self.refusal:
                raise BridgeError("refused", self.refusal)
            return self._result(self._post(method, params or {}, read_timeout))
        except BridgeError as caught:
            error = caught
            raise
        finally:
            self.record(method=method, error=error, duration_ms=round((time.monotonic() - started) * 1000))

    def _post(self, method, params, read_timeout):
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
            headers["X-Database-UUID"] = self.database_uuid
        body = {"jsonrpc": "2.0", "id": uuid.uuid4().hex, "method": method, "params": params}
        try:
            return requests.post(
                f"{self.url.rstrip('/')}/rpc",
                json=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_SECONDS, read_timeout),
                # A redirect would carry the token to an address nobody configured.
                allow_redirects=False,
            )
        except requests.ConnectTimeout as caught:
            raise BridgeError("unreachable", "no connection within the time limit") from caught
        except requests.Timeout as caught:
            raise BridgeError("timeout", "no answer within the time limit") from caught
        except requests.exceptions.SSLError as caught:
            raise BridgeError("unreachable", "the TLS certificate was not accepted") from caught
        except requests.RequestException as caught:
            raise BridgeError("unreachable", type(caught).__name__) from caught

    def _result(self, response):
        body = _json_object(response)
        error = body.get("error")
        if isinstance(error, dict):
            raise _rpc_error(error, response)
        if response.status_code == 200 and "result" in body:
            return body["result"]
        raise _http_error(response)


def _json_object(response):
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _rpc_error(error, response):
    code = error.get("code") if isinstance(error.get("code"), int) else 0
    kind = "unauthorized" if code == CODE_UNAUTHORIZED else "rpc"
    return BridgeError(
        kind,
        str(error.get("message") or ""),
        code=code,
        details=_details(error.get("data")),
        retry_after=_retry_after(response, error.get("data")),
    )


def _http_error(response):
    status = response.status_code
    if status == 401:
        return BridgeError("unauthorized", "HTTP 401", code=status)
    if status == 413:
        return BridgeError("rpc", "HTTP 413", code=CODE_TOO_LARGE)
    if status == 429:
        return BridgeError("rpc", "HTTP 429", code=CODE_RATE_LIMITED, retry_after=_retry_after(response))
    return BridgeError("invalid_answer", f"HTTP {status}", code=status, retry_after=_retry_after(response))


def _details(data):
    """The bad fields an error names: a list of ``{path, message}``, bare or under any one key."""
    if isinstance(data, dict) and "path" not in data:
        data = next((value for value in data.values() if isinstance(value, list)), [])
    elif isinstance(data, dict):
        data = [data]
    if not isinstance(data, list):
        return []
    return [(_path(item.get("path")), str(item.get("message") or "")) for item in data if isinstance(item, dict)]


def _path(path):
    return ".".join(str(part) for part in path) if isinstance(path, list) else str(path or "")


def _retry_after(response, data=None):
    """Seconds the bridge asks us to wait: in the error's data in milliseconds, or in the header; 0 when nowhere."""
    milliseconds = data.get("retry_after_ms") if isinstance(data, dict) else None
    if isinstance(milliseconds, (int, float)) and milliseconds > 0:
        return min(math.ceil(milliseconds / 1000), RETRY_AFTER_MAX_SECONDS)
    header = response.headers.get("Retry-After", "")
    return min(int(header), RETRY_AFTER_MAX_SECONDS) if header.isdigit() else 0
