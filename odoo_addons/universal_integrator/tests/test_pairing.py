# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..wizards.integrator_pair import slug_of
from .common import DATABASE_UUID, TOKEN, IntegratorCase, RpcFault


@tagged("post_install", "-at_install")
class TestPairing(IntegratorCase):
    def test_a_code_becomes_a_token_that_is_kept_encrypted(self):
        tenant = self.pair()
        self.assertEqual(
            self.bridge_server.calls("system.pair"),
            [
                {
                    "code": "ABCD-1234",
                    "account_id": "sandra_cosmeticos",
                    "name": "Sandra Cosméticos",
                    "domain": "cosmetics",
                    "database_uuid": DATABASE_UUID,
                }
            ],
        )
        self.assertNotIn("authorization", self.bridge_server.requests[0]["headers"])
        self.env.flush_all()
        self.cr.execute("SELECT integrator_tenant::text FROM integrator_tenant WHERE id = %s", (tenant.id,))
        self.assertNotIn(TOKEN, self.cr.fetchone()[0])
        self.assertEqual(tenant._token(), TOKEN)
        self.assertEqual(self.bridge.state, "connected")
        self.assertEqual(self.bridge.version, "1.0.0")

    def test_pairing_sends_settings_then_credentials(self):
        self.pair()
        self.bridge_server.requests.clear()
        self.send()
        methods = [request["method"] for request in self.bridge_server.requests]
        self.assertEqual(methods[:2], ["tenant.upsert", "credentials.set"])

    def test_the_form_proposes_an_identifier_from_the_name(self):
        self.assertEqual(slug_of("Sandra Cosméticos & Cia."), "sandra_cosmeticos_cia")
        wizard = Form(
            self.env["integrator.pair"]
            .with_user(self.manager)
            .with_context(default_bridge_id=self.bridge.id, default_company_id=self.company.id)
        )
        self.assertEqual(wizard.account_id, "sandra_cosmeticos")
        self.assertEqual(wizard.name, "Sandra Cosméticos")

    def test_a_refused_code_changes_nothing(self):
        def refuse(params):
            raise RpcFault(-32001, "This code is not known.")

        self.bridge_server.answers["system.pair"] = refuse
        with self.assertRaisesRegex(UserError, "mistyped, already used or expired"):
            self.pair()
        self.assertFalse(self.env["integrator.tenant"].search([("company_id", "=", self.company.id)]))

    def test_what_is_wrong_here_is_found_before_the_code_is_spent(self):
        for account in ("Sandra Cosméticos", "x", ""):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.pair(account_id=account)
        self.assertFalse(self.bridge_server.requests)

    def test_two_companies_cannot_share_an_account(self):
        self.pair()
        self.manager.company_ids += self.other_company
        with self.assertRaisesRegex(ValidationError, "already uses this account"):
            self.pair(self.other_company)
        self.assertEqual(len(self.bridge_server.calls("system.pair")), 1)

    def test_pairing_again_keeps_the_tenant_and_replaces_the_token(self):
        tenant = self.pair()
        self.bridge_server.answers["system.pair"] = {"token": "another"}
        self.assertEqual(self.pair(), tenant)
        self.assertEqual(tenant._token(), "another")

    def test_a_bridge_of_another_version_is_paired_but_not_fed(self):
        self.bridge_server.answers["system.ping"] = self.bridge_server.answers["system.ping"] | {"protocol": 9}
        tenant = self.pair()
        self.assertTrue(tenant.is_paired)
        self.assertEqual(self.bridge.state, "error")
        self.bridge_server.requests.clear()
        self.send()
        self.assertEqual({request["method"] for request in self.bridge_server.requests}, {"system.ping"})
        self.assertIn("protocol", self.rows(kind="tenant")[-1:].last_error)

    def test_a_copied_database_asks_nothing_and_says_why(self):
        tenant = self.pair_quietly()
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        with self.assertRaisesRegex(UserError, "This database is a copy"):
            self.bridge.with_user(self.manager)._call("tenant.check", tenant=tenant)
        tenant.with_user(self.manager).wait_minutes = 33
        self.send()
        self.assertFalse(self.bridge_server.requests)
        self.assertIn("copy", self.rows(kind="tenant", state="pending").last_error)

    def test_unpairing_forgets_the_token_and_closes_the_door(self):
        tenant = self.pair()
        user = tenant.technical_user_id
        self.assertTrue(self.env["res.users.apikeys"].search([("user_id", "=", user.id)]))
        tenant.with_user(self.manager).action_unpair()
        self.assertFalse(tenant.is_paired)
        self.assertFalse(self.env["res.users.apikeys"].search([("user_id", "=", user.id)]))
        self.assertFalse(tenant.credential_ids.kept)
        with self.assertRaisesRegex(UserError, "not paired"):
            self.bridge._call("tenant.check", tenant=tenant)

    def test_only_an_administrator_pairs(self):
        with self.assertRaises(AccessError):
            self.env["integrator.pair"].with_user(self.reader).create(
                {"bridge_id": self.bridge.id, "code": "x", "name": "x", "account_id": "xx", "domain": "retail"}
            )
