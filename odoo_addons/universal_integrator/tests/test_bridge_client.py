# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..bridge_client import BridgeError, Connection
from .common import DATABASE_UUID, TOKEN, HttpFault, IntegratorCase, RpcFault


@tagged("post_install", "-at_install")
class TestBridgeClient(IntegratorCase):
    def test_every_call_of_a_paired_company_carries_token_and_database(self):
        tenant = self.pair()
        self.bridge.with_user(self.manager)._call("tenant.check", tenant=tenant)
        request = self.bridge_server.requests[-1]
        self.assertEqual(request["headers"]["authorization"], f"Bearer {TOKEN}")
        self.assertEqual(request["headers"]["x-database-uuid"], DATABASE_UUID)
        self.assertEqual(request["path"], "/rpc")

    def test_a_failed_call_is_recorded_with_its_code(self):
        self.bridge_server.answers["system.ping"] = self._refuse(-32603, "broken")
        # assertRaises would roll back to before the call, and with it what a real second transaction keeps.
        with contextlib.suppress(UserError):
            self.bridge._call("system.ping")
        call = self.env["integrator.call"].search([("bridge_id", "=", self.bridge.id)])
        self.assertEqual((call.method, call.state, call.error_code), ("system.ping", "error", "-32603"))
        self.assertEqual(call.error_message, "broken")

    def test_parameters_and_tokens_are_in_no_record_of_calls(self):
        self.pair()
        self.send()
        calls = self.env["integrator.call"].search([])
        self.assertIn("system.pair", calls.mapped("method"))
        self.assertIn("credentials.set", calls.mapped("method"))
        self.cr.execute("SELECT integrator_call::text FROM integrator_call")
        text = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertNotIn("ABCD-1234", text)
        self.assertNotIn(TOKEN, text)

    def test_the_token_is_not_shown_by_the_connection(self):
        connection = Connection(url="http://127.0.0.1:1", token=TOKEN)
        self.assertNotIn(TOKEN, repr(connection))

    def test_an_unreachable_bridge_is_named_with_its_address(self):
        self.bridge.url = "http://127.0.0.1:1"
        with self.assertRaisesRegex(UserError, r"127\.0\.0\.1:1.*cannot be reached"):
            self.bridge._call("system.ping")

    def test_each_bad_field_is_shown_with_its_path(self):
        problems = [{"path": "integrations.chatwoot.base_url", "message": "use an http or https address"}]
        self.bridge_server.answers["system.ping"] = self._refuse(-32602, "Wrong parameters.", {"problems": problems})
        with self.assertRaisesRegex(UserError, r"integrations\.chatwoot\.base_url: use an http"):
            self.bridge._call("system.ping")

    def test_an_answer_that_is_not_a_bridges_is_recognised(self):
        self.bridge_server.answers["system.ping"] = self._fail(502, b"<html>Bad gateway</html>")
        with self.assertRaisesRegex(UserError, r"not like a bridge \(HTTP 502\)"):
            self.bridge._call("system.ping")

    def test_a_redirect_is_not_followed(self):
        headers = {"Location": f"{self.bridge_server.url}/elsewhere"}
        self.bridge_server.answers["system.ping"] = self._fail(307, b"", headers)
        with self.assertRaisesRegex(UserError, "HTTP 307"):
            self.bridge._call("system.ping")
        self.assertEqual(len(self.bridge_server.requests), 1)

    def test_a_wrong_token_asks_for_pairing(self):
        for fault in (self._fail(401, b"{}"), self._refuse(-32001, "Send a token")):
            self.bridge_server.answers["system.ping"] = fault
            with self.assertRaisesRegex(UserError, "Pair again"):
                self.bridge._call("system.ping")

    def test_the_wait_the_bridge_asks_for_is_understood_in_both_forms(self):
        self.bridge_server.answers["system.ping"] = self._fail(429, b"{}", {"Retry-After": "7"})
        self.assertEqual(self._error().retry_after, 7)
        self.bridge_server.answers["system.ping"] = self._refuse(-32015, "slowly", {"retry_after_ms": 1500})
        self.assertEqual(self._error().retry_after, 2)

    def test_a_switched_off_connection_asks_nothing(self):
        self.bridge.action_switch_off()
        with self.assertRaisesRegex(UserError, "switched off"):
            self.bridge._call("system.ping")
        self.assertFalse(self.bridge_server.requests)

    def test_testing_an_unpaired_bridge_succeeds_when_it_only_wants_a_token(self):
        self.bridge_server.answers["system.ping"] = self._refuse(-32001, "Send a token")
        action = self.bridge.with_user(self.manager).action_test()
        self.assertEqual(action["tag"], "display_notification")

    def test_versions_that_do_not_fit_are_refused_with_a_clear_text(self):
        self.pair()
        identity = self.bridge_server.answers["system.ping"]
        self.bridge_server.answers["system.ping"] = identity | {"protocol": 2}
        with self.assertRaisesRegex(UserError, "protocol 1 and the bridge speaks 2"):
            self.bridge.with_user(self.manager).action_test()
        for oldest in ("19.0.99.0.0", "99.0.0"):
            self.bridge_server.answers["system.ping"] = identity | {"min_addon": oldest}
            with self.assertRaisesRegex(UserError, "Update the addon"):
                self.bridge.with_user(self.manager).action_test()
        self.bridge_server.answers["system.ping"] = identity | {"min_addon": "1.0.0"}
        self.bridge.with_user(self.manager).action_test()
        self.assertEqual(self.bridge.state, "connected")

    def test_the_report_of_a_test_is_kept_and_its_texts_are_escaped(self):
        tenant = self.pair()
        self.bridge.with_user(self.manager).action_test()
        self.assertIn("&lt;b&gt;401&lt;/b&gt;", tenant.check_report)
        self.assertIn("Switch it off.", tenant.check_report)
        self.assertEqual(self.bridge.version, "1.0.0")
        self.assertTrue(self.bridge.last_contact)

    def test_a_reader_can_neither_test_nor_pair(self):
        for action in ("action_test", "action_pair", "action_send_everything", "action_switch_off"):
            with self.assertRaises(AccessError):
                getattr(self.bridge.with_user(self.reader), action)()

    def test_an_address_with_a_password_or_query_is_refused(self):
        for url in ("ftp://bridge", "http://user:secret@bridge", "https://bridge/?x=1", "bridge.example.com"):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.bridge.url = url

    def _error(self):
        with self.assertRaises(BridgeError) as caught:
            self.bridge._connection().call("system.ping")
        return caught.exception

    def _refuse(self, code, message, data=None):
        def answer(params):
            raise RpcFault(code, message, data)

        return answer

    def _fail(self, status, body, headers=None):
        def answer(params):
            raise HttpFault(status, body, headers)

        return answer
