# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules of one company over JSON-2: its own technical user gets them, nobody else does."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.universal_integrator.tests.common import GatewayHttpCase


@tagged("post_install", "-at_install")
class TestRuleGatewayHttp(GatewayHttpCase):
    def setUp(self):
        super().setUp()
        self.env["integrator.rule"].search([]).active = False
        self.rules = []
        for tenant in self.tenants:
            name, company = tenant.name, tenant.company_id
            self.rules.append(
                self.env["integrator.rule"].create(
                    {"name": f"Regra {name}", "body": f"Texto {name}", "company_id": company.id}
                )
            )

    def test_each_technical_user_gets_its_own_company_whatever_context_it_sends(self):
        for own, other in ((0, 1), (1, 0)):
            key = self.technical_key(own)
            context = {"allowed_company_ids": self.tenants[other].company_id.ids, "active_test": False}
            manifest = self.call(key, "manifest", kinds=["rule"], after="", limit=10, context=context).json()
            self.assertEqual([item["id"] for item in manifest["items"]], [self.rules[own]._integrator_ref()])
            refs = [{"kind": "rule", "id": rule._integrator_ref()} for rule in self.rules]
            answer = self.call(key, "documents", refs=refs, context=context).json()
            self.assertEqual([document["title"] for document in answer["documents"]], [self.rules[own].name])
            self.assertEqual(answer["gone"], [refs[other]])
            self.assertEqual(answer["documents"][0]["hash"], manifest["items"][0]["hash"])

    @mute_logger("odoo.http")
    def test_portal_and_employee_are_refused_with_the_context_of_any_company(self):
        refs = [{"kind": "rule", "id": rule._integrator_ref()} for rule in self.rules]
        for key in self.other_keys():
            for tenant in self.tenants:
                context = {"allowed_company_ids": tenant.company_id.ids}
                for response in (
                    self.call(key, "describe", context=context),
                    self.call(key, "manifest", kinds=[], after="", limit=10, context=context),
                    self.call(key, "documents", refs=refs, context=context),
                ):
                    self.assertEqual(response.status_code, 403)
                    self.assertNotIn("Texto", response.text)
