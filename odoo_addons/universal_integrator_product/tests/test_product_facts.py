# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ProductCase


@tagged("post_install", "-at_install")
class TestProductFacts(ProductCase):
    def setUp(self):
        super().setUp()
        self.gateway = self.env["integrator.gateway"].with_user(self.tenant.technical_user_id)

    def facts(self, *products, **arguments):
        refs = [{"kind": product._integrator_kind(), "id": product._integrator_ref()} for product in products]
        answer = self.gateway.call_tool("product_facts", {"products": refs} | arguments, {}, "")
        self.assertTrue(answer["ok"], answer)
        return answer["result"]["facts"]

    def test_the_price_is_today_s_in_the_company_s_currency(self):
        product = self.create_product(list_price=29.9)
        (fact,) = self.facts(product)
        self.assertEqual((fact["price"], fact["currency"]), (29.9, self.company.currency_id.name))
        product.list_price = 31.5
        self.assertEqual(self.facts(product)[0]["price"], 31.5)

    def test_the_company_s_pricelist_decides(self):
        self.env["res.config.settings"].create({"group_product_pricelist": True}).execute()
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "BRL")])
        currency.active = True
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Varejo",
                "sequence": 0,
                "company_id": self.company.id,
                "currency_id": currency.id,
                "item_ids": [(0, 0, {"compute_price": "fixed", "applied_on": "3_global", "fixed_price": 19.9})],
            }
        )
        self.company.partner_id.with_company(self.company).property_product_pricelist = pricelist
        (fact,) = self.facts(self.create_product())
        self.assertEqual((fact["price"], fact["currency"]), (19.9, "BRL"))

    def test_variants_of_different_prices_have_no_one_price(self):
        product = self.create_with_sizes()
        (fact,) = self.facts(product)
        self.assertNotIn("price", fact)
        product.attribute_line_ids.product_template_value_ids.price_extra = 0
        self.assertEqual(self.facts(product)[0]["price"], 29.9)

    def test_stock_is_what_is_free_in_the_company_s_warehouses_over_all_variants(self):
        if "stock.quant" not in self.env:
            self.assertNotIn("stock", self.facts(self.create_product())[0])
            return
        product = self.create_with_sizes(is_storable=True)
        self.assertEqual(self.facts(product)[0]["stock"], 0)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        foreign = self.env["stock.warehouse"].search([("company_id", "=", self.other_company.id)], limit=1)
        quants = self.env["stock.quant"]
        for variant, quantity in zip(product.product_variant_ids, (3, 4), strict=True):
            quants._update_available_quantity(variant, warehouse.lot_stock_id, quantity)
        product.company_id = False
        quants._update_available_quantity(product.product_variant_id, foreign.lot_stock_id, 100)
        # Every call is a transaction of its own; here they share one.
        self.env.invalidate_all()
        self.assertEqual(self.facts(product)[0]["stock"], 7)
        self.assertNotIn("stock", self.facts(self.create_product(is_storable=False))[0])

    def test_products_the_assistant_does_not_know_have_no_facts(self):
        hidden = self.create_product(integrator_published=False)
        foreign = self.create_product(company_id=self.other_company.id)
        gone = self.create_product()
        shown = self.create_product()
        refs = [{"kind": "product", "id": product._integrator_ref()} for product in hidden + foreign + gone + shown]
        gone.unlink()
        answer = self.gateway.call_tool("product_facts", {"products": refs})
        self.assertEqual([fact["id"] for fact in answer["result"]["facts"]], [shown._integrator_ref()])

    def test_wrong_arguments_are_refused_in_words(self):
        many = [{"kind": "product", "id": f"odoo:product.template:{number}"} for number in range(1, 60)]
        for products in (None, "all", [1], [{"kind": "product"}], many):
            answer = self.gateway.call_tool("product_facts", {"products": products})
            self.assertEqual((answer["ok"], answer["code"]), (False, "refused"), products)
        self.assertEqual(self.gateway.call_tool("product_facts", {"products": []})["result"], {"facts": []})
