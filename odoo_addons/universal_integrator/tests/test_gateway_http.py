# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The gateway over JSON-2 with real API keys, as anybody with a key may call it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

METHODS = {
    "describe": {},
    "manifest": {"kinds": ["rule"], "after": "", "limit": 10},
    "documents": {"refs": []},
    "call_tool": {"name": "any", "arguments": {}, "caller": {}, "key": ""},
}


@tagged("post_install", "-at_install")
class TestGatewayHttp(HttpCase):
    def setUp(self):
        super().setUp()
        self.company = self.env["res.company"].create({"name": "Sandra Cosméticos"})
        self.other_company = self.env["res.company"].create({"name": "Outra Empresa"})
        bridge = self.env["integrator.bridge"].create({"name": "Ponte", "url": "http://127.0.0.1:1"})
        self.tenant = self.env["integrator.tenant"].create(
            {
                "name": "Sandra",
                "account_id": "sandra_http",
                "company_id": self.company.id,
                "bridge_id": bridge.id,
            }
        )
        self.tenant._pair("token")

    @mute_logger("odoo.http")
    def test_keys_of_people_are_refused_every_time(self):
        portal = new_test_user(self.env, "http_portal", groups="base.group_portal")
        employee = new_test_user(self.env, "http_employee", groups="base.group_user")
        admin = self.env.ref("base.user_admin")
        manager = new_test_user(
            self.env, "http_manager", groups="universal_integrator.group_integrator_manager,base.group_system"
        )
        contexts = (
            {},
            {"allowed_company_ids": self.company.ids},
            {"allowed_company_ids": self.other_company.ids, "uid": 1, "su": True, "active_test": False},
        )
        for user in (portal, employee, admin, manager):
            key = self._key(user)
            for method, arguments in METHODS.items():
                for context in contexts:
                    response = self._call(method, {**arguments, "context": context}, key)
                    self.assertEqual(response.status_code, 403, (user.login, method, context))
                    self.assertNotIn("digest", response.text)

    @mute_logger("odoo.http")
    def test_without_a_key_nobody_comes_in(self):
        for method, arguments in METHODS.items():
            self.assertEqual(self._call(method, arguments, None).status_code, 401)
            self.assertEqual(self._call(method, arguments, "0" * 40).status_code, 401)

    def test_the_technical_user_is_served_whatever_context_it_sends(self):
        key = self.tenant.credential_ids._secrets()["api_key"]
        for context in ({}, {"allowed_company_ids": self.other_company.ids, "lang": "xx"}):
            for method, arguments in METHODS.items():
                response = self._call(method, {**arguments, "context": context}, key)
                self.assertEqual(response.status_code, 200, response.text)
                self.assertNotIn(None, response.json().values())

    @mute_logger("odoo.http")
    def test_the_technical_user_reaches_nothing_else(self):
        key = self.tenant.credential_ids._secrets()["api_key"]
        for model in (
            "res.partner",
            "res.users",
            "res.company",
            "ir.attachment",
            "integrator.tenant",
            "integrator.gateway",
        ):
            response = self.url_open(
                f"/json/2/{model}/search_read", json={"domain": []}, headers={"Authorization": f"Bearer {key}"}
            )
            found = response.json() if response.status_code == 200 else []
            own = {self.tenant.technical_user_id.id, self.tenant.technical_user_id.partner_id.id, self.company.id}
            self.assertLessEqual({record["id"] for record in found}, own, model)

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_an_older_bridge_is_served_over_xml_rpc_as_well(self):
        key = self.tenant.credential_ids._secrets()["api_key"]
        database, login = self.env.cr.dbname, self.tenant.technical_user_id.login
        uid = self.xmlrpc_common.authenticate(database, login, key, {})
        self.assertEqual(uid, self.tenant.technical_user_id.id)
        for method, arguments in METHODS.items():
            answer = self.xmlrpc_object.execute_kw(database, uid, key, "integrator.gateway", method, [], arguments)
            self.assertIsInstance(answer, dict)

    @mute_logger("odoo.http")
    def test_a_revoked_key_is_refused_at_once(self):
        key = self.tenant.credential_ids._secrets()["api_key"]
        self.assertEqual(self._call("describe", {}, key).status_code, 200)
        self.tenant.action_unpair()
        self.assertEqual(self._call("describe", {}, key).status_code, 401)

    def _key(self, user):
        expires_at = fields.Datetime.now() + timedelta(days=1)
        return self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", expires_at)

    def _call(self, method, arguments, key):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self.url_open(f"/json/2/integrator.gateway/{method}", json=arguments, headers=headers, method="POST")
