# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Products of one company over JSON-2: its own technical user gets them, nobody else does."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.universal_integrator.tests.common import GatewayHttpCase


@tagged("post_install", "-at_install")
class TestProductGatewayHttp(GatewayHttpCase):
    def setUp(self):
        super().setUp()
        self.env["product.template"].search([]).integrator_published = False
        self.products = []
        for tenant in self.tenants:
            name, company = tenant.name, tenant.company_id
            self.products.append(
                self.env["product.template"].create(
                    {"name": f"Produto {name}", "description_sale": f"Texto {name}", "company_id": company.id}
                )
            )
        self.refs = [{"kind": "product", "id": product._integrator_ref()} for product in self.products]

    def test_each_technical_user_gets_its_own_company_whatever_context_it_sends(self):
        for own, other in ((0, 1), (1, 0)):
            key = self.technical_key(own)
            context = {"allowed_company_ids": self.tenants[other].company_id.ids, "active_test": False}
            manifest = self.call(key, "manifest", kinds=["product"], after="", limit=10, context=context).json()
            self.assertEqual([item["id"] for item in manifest["items"]], [self.refs[own]["id"]])
            answer = self.call(key, "documents", refs=self.refs, context=context).json()
            self.assertEqual([document["title"] for document in answer["documents"]], [self.products[own].name])
            self.assertEqual(answer["documents"][0]["hash"], manifest["items"][0]["hash"])
            arguments = {"products": self.refs}
            facts = self.call(key, "call_tool", name="product_facts", arguments=arguments, context=context).json()
            self.assertEqual([fact["id"] for fact in facts["result"]["facts"]], [self.refs[own]["id"]])

    @mute_logger("odoo.http")
    def test_portal_and_employee_are_refused_with_the_context_of_any_company(self):
        for key in self.other_keys():
            for tenant in self.tenants:
                context = {"allowed_company_ids": tenant.company_id.ids}
                for response in (
                    self.call(key, "manifest", kinds=["product"], after="", limit=10, context=context),
                    self.call(key, "documents", refs=self.refs, context=context),
                    self.call(
                        key, "call_tool", name="product_facts", arguments={"products": self.refs}, context=context
                    ),
                ):
                    self.assertEqual(response.status_code, 403)
                    self.assertNotIn("Texto", response.text)
