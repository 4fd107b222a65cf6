# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Products of one company over JSON-2: its own technical user gets them, nobody else does."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestProductGatewayHttp(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["product.template"].search([]).integrator_published = False
        bridge = self.env["integrator.bridge"].create({"name": "Ponte", "url": "http://127.0.0.1:1"})
        self.tenants, self.products = [], []
        for name in ("um", "dois"):
            company = self.env["res.company"].create({"name": f"Empresa {name}"})
            tenant = self.env["integrator.tenant"].create(
                {"name": name, "account_id": f"http_{name}", "company_id": company.id, "bridge_id": bridge.id}
            )
            tenant._pair("token")
            self.tenants.append(tenant)
            self.products.append(
                self.env["product.template"].create(
                    {"name": f"Produto {name}", "description_sale": f"Texto {name}", "company_id": company.id}
                )
            )
        self.refs = [{"kind": "product", "id": product._integrator_ref()} for product in self.products]

    def test_each_technical_user_gets_its_own_company_whatever_context_it_sends(self):
        for own, other in ((0, 1), (1, 0)):
            key = self.tenants[own].credential_ids._secrets()["api_key"]
            context = {"allowed_company_ids": self.tenants[other].company_id.ids, "active_test": False}
            manifest = self._call(key, "manifest", kinds=["product"], after="", limit=10, context=context).json()
            self.assertEqual([item["id"] for item in manifest["items"]], [self.refs[own]["id"]])
            answer = self._call(key, "documents", refs=self.refs, context=context).json()
            self.assertEqual([document["title"] for document in answer["documents"]], [self.products[own].name])
            self.assertEqual(answer["documents"][0]["hash"], manifest["items"][0]["hash"])
            arguments = {"products": self.refs}
            facts = self._call(key, "call_tool", name="product_facts", arguments=arguments, context=context).json()
            self.assertEqual([fact["id"] for fact in facts["result"]["facts"]], [self.refs[own]["id"]])

    @mute_logger("odoo.http")
    def test_portal_and_employee_are_refused_with_the_context_of_any_company(self):
        expires_at = fields.Datetime.now() + timedelta(days=1)
        for group in ("base.group_portal", "base.group_user"):
            user = new_test_user(self.env, f"product_{group[-6:]}", groups=group)
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", expires_at)
            for tenant in self.tenants:
                context = {"allowed_company_ids": tenant.company_id.ids}
                for response in (
                    self._call(key, "manifest", kinds=["product"], after="", limit=10, context=context),
                    self._call(key, "documents", refs=self.refs, context=context),
                    self._call(
                        key, "call_tool", name="product_facts", arguments={"products": self.refs}, context=context
                    ),
                ):
                    self.assertEqual(response.status_code, 403)
                    self.assertNotIn("Texto", response.text)

    def _call(self, api_key, method, **arguments):
        return self.url_open(
            f"/json/2/integrator.gateway/{method}",
            json=arguments,
            headers={"Authorization": f"Bearer {api_key}"},
            method="POST",
        )
