# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small bridge that really listens, a test case that is paired with it, and two companies behind the gateway."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from odoo import fields
from odoo.tests.common import HttpCase, TransactionCase, new_test_user

_send = requests.Session.send

DATABASE_UUID = "0b1c2d3e-test-test-test-000000000001"
TOKEN = "tenant-token-that-must-stay-inside"


class RpcFault(Exception):
    def __init__(self, code, message="refused", data=None):
        super().__init__(message)
        self.error = {"code": code, "message": message} | ({"data": data} if data else {})


class HttpFault(Exception):
    def __init__(self, status, body=b"not json", headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


class FakeBridge:
    """Answers like a bridge, keeps what it was asked, fails on demand: set ``answers[method]`` to a value or function."""

    def __init__(self):
        self.requests = []
        self.version = 0
        self.answers = {
            "system.ping": {"version": "1.0.0", "protocol": 1, "min_addon": "19.0.1.0.0", "mode": "embedded"},
            "system.pair": {"token": TOKEN},
            "tenant.upsert": self._tenant_upsert,
            "tenant.check": {
                "integrations": {"chatwoot": {"ok": False, "ms": 3, "message": "<b>401</b>", "fix": "Enter a token."}},
                "warnings": [{"about": "inbox 5", "message": "greeting is on", "fix": "Switch it off."}],
            },
            "credentials.set": lambda params: {"ref": params["ref"], "updated_at": "2026-11-20T12:00:00Z"},
            "credentials.remove": {"removed": True},
            "knowledge.upsert": self._knowledge_upsert,
            "knowledge.remove": lambda params: {"removed": len(params["documents"])},
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def calls(self, method):
        """Parameters of every call of ``method``, oldest first."""
        return [request["params"] for request in self.requests if request["method"] == method]

    def _tenant_upsert(self, params):
        self.version += 1
        return {"version": self.version, "changed": True, "warnings": []}

    def _knowledge_upsert(self, params):
        count = len(params["documents"])
        return {"received": count, "embedded": count, "updated": 0, "unchanged": 0, "pending": 0, "rejected": []}

    def _answer(self, method, params):
        answer = self.answers[method]
        return answer(params) if callable(answer) else answer

    def _handler(bridge):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                bridge.requests.append(
                    {"method": request["method"], "params": request["params"], "headers": headers, "path": self.path}
                )
                body, status, more = {"jsonrpc": "2.0", "id": request["id"]}, 200, {}
                try:
                    body["result"] = bridge._answer(request["method"], request["params"])
                except RpcFault as fault:
                    body["error"] = fault.error
                except HttpFault as fault:
                    body, status, more = fault.body, fault.status, fault.headers
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        return Handler


def allow_local_requests(session, request, /, **options):
    """Odoo's own guard compares timeouts as numbers; ours is a pair. Nothing but this machine is let through."""
    if not request.url.startswith("http://127.0.0.1:"):
        raise requests.ConnectionError("a test must not leave this machine")
    return _send(session, request, **options)


class IntegratorCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("database.uuid", DATABASE_UUID)
        cls.bridge_server = FakeBridge()
        cls.addClassCleanup(cls.bridge_server.close)
        cls.company = cls.env["res.company"].create({"name": "Sandra Cosméticos"})
        cls.other_company = cls.env["res.company"].create({"name": "Outra Empresa"})
        cls.manager = new_test_user(
            cls.env,
            "integrator_manager",
            groups="universal_integrator.group_integrator_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.reader = new_test_user(
            cls.env,
            "integrator_reader",
            groups="universal_integrator.group_integrator_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.bridge = cls.env["integrator.bridge"].create({"name": "Ponte", "url": cls.bridge_server.url})

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return allow_local_requests(session, request, **options)

    def setUp(self):
        super().setUp()
        # Whatever opens a cursor of its own gets one on top of the test's.
        self.registry_enter_test_mode()
        answers, version = dict(self.bridge_server.answers), self.bridge_server.version
        self.addCleanup(self._reset_server, answers, version)
        self.bridge_server.requests.clear()

    def _reset_server(self, answers, version):
        self.bridge_server.answers, self.bridge_server.version = answers, version

    def pair(self, company=None, account_id="sandra_cosmeticos"):
        """Pair through the wizard, as the administrator does; return the tenant."""
        company = company or self.company
        wizard = (
            self.env["integrator.pair"]
            .with_user(self.manager)
            .with_company(company)
            .create(
                {
                    "bridge_id": self.bridge.id,
                    "company_id": company.id,
                    "code": "ABCD-1234",
                    "name": company.name,
                    "account_id": account_id,
                    "domain": "cosmetics",
                }
            )
        )
        self.env.flush_all()
        wizard.action_pair()
        return self.env["integrator.tenant"].search([("company_id", "=", company.id)])

    def pair_quietly(self, company=None, account_id="sandra_cosmeticos"):
        """Pair, send everything and forget that it was sent."""
        tenant = self.pair(company, account_id)
        self.send()
        self.bridge_server.requests.clear()
        return tenant

    def send(self):
        """Run the cron's work as the cron does."""
        self.env.flush_all()
        self.env["integrator.outbox"]._cron_send()
        self.env.invalidate_all()

    def rows(self, **values):
        return self.env["integrator.outbox"].search([(name, "=", value) for name, value in values.items()], order="id")

    def make_due(self):
        """Time passes: everything that waits is due, every lease is over."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE integrator_outbox SET next_attempt_at = now() - interval '1 hour', lease_until = now() - interval '1 h'"
        )
        self.env.invalidate_all()


class GatewayHttpCase(HttpCase):
    """Two companies, each with its tenant and technical user, and the gateway over JSON-2 as the bridge calls it."""

    def setUp(self):
        super().setUp()
        bridge = self.env["integrator.bridge"].create({"name": "Ponte", "url": "http://127.0.0.1:1"})
        self.tenants = self.env["integrator.tenant"]
        for name in ("um", "dois"):
            company = self.env["res.company"].create({"name": f"Empresa {name}"})
            tenant = self.tenants.create(
                {"name": name, "account_id": f"http_{name}", "company_id": company.id, "bridge_id": bridge.id}
            )
            tenant._pair("token")
            self.tenants += tenant

    def technical_key(self, number):
        return self.tenants[number].credential_ids._secrets()["api_key"]

    def other_keys(self):
        """Keys of a portal user and of an employee who have nothing to do with the integration."""
        expires_at = fields.Datetime.now() + timedelta(days=1)
        for group in ("base.group_portal", "base.group_user"):
            user = new_test_user(self.env, f"gateway_{group[-6:]}", groups=group)
            yield self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", expires_at)

    def call(self, key, method, **arguments):
        return self.url_open(
            f"/json/2/integrator.gateway/{method}",
            json=arguments,
            headers={"Authorization": f"Bearer {key}"},
            method="POST",
        )
