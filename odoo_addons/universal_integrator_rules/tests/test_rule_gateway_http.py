# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules of one company over JSON-2: its own technical user gets them, nobody else does."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRuleGatewayHttp(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["integrator.rule"].search([]).active = False
        bridge = self.env["integrator.bridge"].create({"name": "Ponte", "url": "http://127.0.0.1:1"})
        self.tenants, self.rules = [], []
        for name in ("um", "dois"):
            company = self.env["res.company"].create({"name": f"Empresa {name}"})
            tenant = self.env["integrator.tenant"].create(
                {"name": name, "account_id": f"http_{name}", "company_id": company.id, "bridge_id": bridge.id}
            )
            tenant._pair("token")
            self.tenants.append(tenant)
            self.rules.append(
                self.env["integrator.rule"].create(
                    {"name": f"Regra {name}", "body": f"Texto {name}", "company_id": company.id}
                )
            )

    def test_each_technical_user_gets_its_own_company_whatever_context_it_sends(self):
        for own, other in ((0, 1), (1, 0)):
            key = self.tenants[own].credential_ids._secrets()["api_key"]
            context = {"allowed_company_ids": self.tenants[other].company_id.ids, "active_test": False}
            manifest = self._call(key, "manifest", kinds=["rule"], after="", limit=10, context=context).json()
            self.assertEqual([item["id"] for item in manifest["items"]], [self.rules[own]._integrator_ref()])
            refs = [{"kind": "rule", "id": rule._integrator_ref()} for rule in self.rules]
            answer = self._call(key, "documents", refs=refs, context=context).json()
            self.assertEqual([document["title"] for document in answer["documents"]], [self.rules[own].name])
            self.assertEqual(answer["gone"], [refs[other]])
            self.assertEqual(answer["documents"][0]["hash"], manifest["items"][0]["hash"])

    @mute_logger("odoo.http")
    def test_portal_and_employee_are_refused_with_the_context_of_any_company(self):
        expires_at = fields.Datetime.now() + timedelta(days=1)
        refs = [{"kind": "rule", "id": rule._integrator_ref()} for rule in self.rules]
        for group in ("base.group_portal", "base.group_user"):
            user = new_test_user(self.env, f"rule_{group[-6:]}", groups=group)
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", expires_at)
            for tenant in self.tenants:
                context = {"allowed_company_ids": tenant.company_id.ids}
                for response in (
                    self._call(key, "describe", context=context),
                    self._call(key, "manifest", kinds=[], after="", limit=10, context=context),
                    self._call(key, "documents", refs=refs, context=context),
                ):
                    self.assertEqual(response.status_code, 403)
                    self.assertNotIn("Texto", response.text)

    def _call(self, key, method, **arguments):
        return self.url_open(
            f"/json/2/integrator.gateway/{method}",
            json=arguments,
            headers={"Authorization": f"Bearer {key}"},
            method="POST",
        )
