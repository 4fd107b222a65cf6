# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import IntegratorCase, RpcFault


@tagged("post_install", "-at_install")
class TestTenant(IntegratorCase):
    def setUp(self):
        super().setUp()
        self.tenant = self.pair_quietly()
        self.own = self.tenant.with_user(self.manager)

    def test_the_settings_have_the_shape_of_the_tenant_file(self):
        self.own.write(
            {
                "chatwoot_url": "https://chat.example.com/",
                "chatwoot_account": 3,
                "handoff_team": "atendimento",
                "wait_minutes": 15,
                "odoo_url": "https://odoo.example.com",
                "odoo_db": "loja",
                "tz": "America/Sao_Paulo",
                "inbox_ids": [(0, 0, {"number": 7, "mode": "observe"}), (0, 0, {"number": 5, "mode": "live"})],
            }
        )
        self.env["integrator.credential"].with_user(self.manager).create(
            {"tenant_id": self.tenant.id, "kind": "chatwoot", "input_bot_token": "secret"}
        )
        self.send()
        sent = self.bridge_server.calls("tenant.upsert")[-1]
        self.assertEqual(sent["account_id"], "sandra_cosmeticos")
        self.assertEqual(sent["domain"], "cosmetics")
        self.assertEqual(sent["timezone"], "America/Sao_Paulo")
        self.assertEqual(sent["handoff"], {"team": "atendimento", "wait_minutes": 15})
        self.assertEqual(
            sent["integrations"]["chatwoot"],
            {
                "base_url": "https://chat.example.com",
                "account_id": 3,
                "surface": "agent_bot",
                "inboxes": [{"id": 5, "mode": "live"}, {"id": 7, "mode": "observe"}],
                "credential_ref": "sandra_cosmeticos-chatwoot",
            },
        )
        self.assertEqual(
            sent["integrations"]["odoo"],
            {
                "api": "auto",
                "url": "https://odoo.example.com",
                "db": "loja",
                "credential_ref": "sandra_cosmeticos-odoo",
            },
        )
        self.assertNotIn("secret", str(sent))
        self.assertNotIn("limits", sent)

    def test_a_budget_goes_in_the_companys_money_and_none_when_it_is_zero(self):
        currency = self.env.ref("base.BRL")
        self.own.write({"budget_amount": 250.5, "budget_currency_id": currency.id, "budget_usd_rate": 5.25})
        self.send()
        sent = self.bridge_server.calls("tenant.upsert")[-1]
        self.assertEqual(sent["limits"], {"monthly_budget": {"amount": 250.5, "currency": "BRL", "usd_rate": 5.25}})
        self.own.write({"budget_currency_id": self.env.ref("base.USD").id})
        self.send()
        sent = self.bridge_server.calls("tenant.upsert")[-1]
        self.assertEqual(sent["limits"], {"monthly_budget": {"amount": 250.5, "currency": "USD", "usd_rate": 1.0}})
        self.own.budget_amount = 0
        self.send()
        self.assertNotIn("limits", self.bridge_server.calls("tenant.upsert")[-1])

    @mute_logger("odoo.sql_db")
    def test_a_budget_needs_the_price_of_a_dollar_and_is_never_negative(self):
        for wrong in ({"budget_amount": -1}, {"budget_amount": 10, "budget_usd_rate": 0}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.own.write(wrong)
                self.env.flush_all()

    def test_saving_sends_once_and_knows_the_version(self):
        self.own.wait_minutes = 21
        self.own.handoff_team = "vendas"
        self.send()
        self.assertEqual(len(self.bridge_server.calls("tenant.upsert")), 1)
        self.assertEqual(self.bridge_server.calls("tenant.upsert")[0]["expected_version"], 1)
        self.assertEqual(self.tenant.config_version, "2")
        self.assertEqual(self.own.sync_state, "synced")

    def test_a_change_of_an_inbox_alone_is_sent(self):
        self.own.inbox_ids = [(0, 0, {"number": 5})]
        self.send()
        self.own.inbox_ids.mode = "observe"
        self.send()
        self.own.inbox_ids.unlink()
        self.send()
        inboxes = [call["integrations"].get("chatwoot") for call in self.bridge_server.calls("tenant.upsert")]
        self.assertEqual(len(inboxes), 3)

    def test_what_nobody_asked_for_is_not_sent(self):
        self.own.check_report = "<p>x</p>"
        self.assertFalse(self.rows(state="pending"))

    def test_a_version_that_rose_for_other_reasons_is_no_conflict(self):
        sent = self.tenant._prepare_tenant_config()
        self._conflict_once(current={"config": sent | {"plugins": ["x"]}, "version": 9, "managed_by": "rpc"})
        self.own.wait_minutes = 22
        self.send()
        self.assertEqual(self.bridge_server.calls("tenant.upsert")[-1]["expected_version"], 9)
        self.assertEqual(self.own.sync_state, "synced")

    def test_what_somebody_changed_on_the_bridge_is_not_overwritten_unasked(self):
        sent = self.tenant._prepare_tenant_config()
        self._conflict_once(current={"config": sent | {"name": "Edited there"}, "version": 9, "managed_by": "rpc"})
        self.own.wait_minutes = 22
        self.send()
        self.assertEqual(self.own.sync_state, "error")
        self.assertIn("changed on the bridge", self.own.sync_error)
        self.bridge_server.answers["tenant.upsert"] = {"version": 10, "changed": True, "warnings": []}
        self.own.action_overwrite_config()
        self.send()
        self.assertNotIn("expected_version", self.bridge_server.calls("tenant.upsert")[-1])
        self.assertEqual(self.own.sync_state, "synced")
        self.assertFalse(self.own.sync_error)

    def test_warnings_of_the_bridge_are_shown(self):
        warning = {"path": "integrations.chatwoot", "message": "has no credential yet"}
        self.bridge_server.answers["tenant.upsert"] = {"version": 5, "changed": True, "warnings": [warning]}
        self.own.wait_minutes = 23
        self.send()
        self.assertEqual(self.tenant.config_warnings, "integrations.chatwoot: has no credential yet")

    def test_a_warning_that_a_credential_settles_goes_away(self):
        def upsert(params):
            known = self.bridge_server.calls("credentials.set")
            warning = {"path": "integrations.odoo.credential_ref", "message": "no credential is saved yet"}
            return {"version": 5, "changed": True, "warnings": [] if known else [warning]}

        self.bridge_server.answers["tenant.upsert"] = upsert
        self.own.wait_minutes = 23
        self.send()
        self.assertTrue(self.tenant.config_warnings)
        self.own.credential_ids.action_send_again()
        self.send()
        self.assertFalse(self.tenant.config_warnings)
        self.assertFalse(self.rows(state="pending"))

    def test_a_changed_address_sends_the_credentials_again(self):
        self.own.odoo_url = "https://moved.example.com"
        self.send()
        methods = [request["method"] for request in self.bridge_server.requests]
        self.assertEqual(methods, ["tenant.upsert", "credentials.set"])

    def test_account_and_company_are_fixed_after_pairing(self):
        with self.assertRaises(UserError):
            self.own.account_id = "another"
        with self.assertRaises(UserError):
            self.own.company_id = self.other_company
        with self.assertRaises(UserError):
            self.own.unlink()

    def test_wrong_values_are_refused_here(self):
        for values in (
            {"chatwoot_url": "chat.example.com", "chatwoot_account": 3},
            {"chatwoot_url": "https://chat.example.com", "chatwoot_account": 0},
            {"domain": "other", "domain_other": "Com Espaço"},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.own.write(values)

    def test_the_technical_user_has_the_gateway_and_nothing_else(self):
        user = self.tenant.technical_user_id
        self.assertEqual(user.all_group_ids, self.env.ref("universal_integrator.group_integrator_gateway"))
        self.assertEqual(user.company_ids, self.company)
        for model in ("res.partner", "res.users", "integrator.tenant", "integrator.outbox", "res.company"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).create({})
        for model in ("res.partner", "integrator.tenant", "integrator.credential", "integrator.bridge"):
            self.assertFalse(self.env[model].with_user(user).has_access("read"), model)

    def test_the_key_is_renewed_in_time_and_the_old_one_works_until_the_new_one_arrived(self):
        credential = self.tenant.credential_ids
        first = self.bridge_key()
        self.env["integrator.tenant"]._cron_renew_api_keys()
        self.assertEqual(self.bridge_key(), first)
        credential.key_expires_at = fields.Datetime.now() + timedelta(days=29)
        self.env["integrator.tenant"]._cron_renew_api_keys()
        second = self.bridge_key()
        self.assertNotEqual(second, first)
        self.assertGreater(credential.key_expires_at, fields.Datetime.now() + timedelta(days=80))
        self.assertEqual(self._user_of(first), self.tenant.technical_user_id.id)
        self.send()
        self.assertEqual(self.bridge_server.calls("credentials.set")[-1]["fields"]["api_key"], second)
        self.assertFalse(self._user_of(first))
        self.assertEqual(self._user_of(second), self.tenant.technical_user_id.id)

    def test_a_copied_database_does_not_renew(self):
        self.tenant.credential_ids.key_expires_at = fields.Datetime.now()
        first = self.bridge_key()
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        self.env["integrator.tenant"]._cron_renew_api_keys()
        self.assertEqual(self.bridge_key(), first)

    def test_people_see_their_own_company_only(self):
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="universal_integrator.group_integrator_manager",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        for model in ("integrator.tenant", "integrator.credential", "integrator.outbox", "integrator.sync"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        self.assertTrue(self.env["integrator.tenant"].with_user(self.reader).search([]))

    def test_a_reader_changes_nothing(self):
        tenant = self.tenant.with_user(self.reader)
        self.assertEqual(tenant.sync_state, "synced")
        self.assertFalse(self.env["integrator.credential"].with_user(self.reader).has_access("read"))
        for act in (
            lambda: tenant.write({"name": "x"}),
            tenant.action_unpair,
            tenant.action_send_everything,
            tenant.action_overwrite_config,
        ):
            with self.assertRaises(AccessError):
                act()

    def bridge_key(self):
        return self.tenant.credential_ids._secrets()["api_key"]

    def _user_of(self, key):
        return self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key)

    def _conflict_once(self, current):
        def upsert(params):
            if params.get("expected_version") != current["version"]:
                raise RpcFault(-32017, "The tenant changed meanwhile.")
            return {"version": current["version"] + 1, "changed": True, "warnings": []}

        self.bridge_server.answers["tenant.upsert"] = upsert
        self.bridge_server.answers["tenant.get"] = current
