# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import ProductCase


@tagged("post_install", "-at_install")
class TestProductSync(ProductCase):
    def test_a_new_product_is_sent_and_carries_the_badge(self):
        product = self.create_product()
        self.assertEqual(product.sync_state, "pending")
        self.assertEqual(self.pushed(), ["Shampoo de Aloe Vera"])
        self.assertEqual(product.sync_state, "synced")
        self.assertIn(product, self.products.search([("sync_state", "=", "synced")]))

    def test_price_stock_picture_and_notes_send_nothing(self):
        product = self.create_product()
        self.settle()
        product.write({"list_price": 1, "standard_price": 2, "description": "<p>nota</p>", "image_1920": False})
        product.write({"weight": 1, "sequence": 3, "is_favorite": True, "description_purchase": "x"})
        product.product_variant_id.write({"barcode": "7891000000001", "weight": 2})
        if "stock.quant" in self.env:
            product.is_storable = True
            warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
            quants = self.env["stock.quant"]
            quants._update_available_quantity(product.product_variant_id, warehouse.lot_stock_id, 5)
        self.assertFalse(self.rows(state="pending"))
        self.assertEqual(self.pushed(), [])

    def test_each_text_of_it_sends_it_once(self):
        product = self.create_product()
        self.settle()
        other = self.category.copy()
        for values in ({"name": "A"}, {"description_sale": "B"}, {"default_code": "C"}, {"categ_id": other.id}):
            product.write(values)
            self.assertEqual(len(self.pushed()), 1, values)
            self.settle()

    def test_what_is_no_longer_for_sale_is_removed_and_comes_back(self):
        product = self.create_product()
        self.settle()
        for values, back in (
            ({"active": False}, {"active": True}),
            ({"sale_ok": False}, {"sale_ok": True}),
            ({"integrator_published": False}, {"integrator_published": True}),
        ):
            product.write(values)
            self.assertEqual(self.removed(), [product._integrator_ref()], values)
            self.settle()
            product.write(back)
            self.assertEqual(len(self.pushed()), 1, back)
            self.settle()
        reference = product._integrator_ref()
        product.unlink()
        self.assertEqual(self.removed(), [reference])

    def test_a_product_that_becomes_a_service_leaves_as_product(self):
        product = self.create_product()
        self.settle()
        product.type = "service"
        self.assertEqual(len(self.pushed()), 1)
        self.assertEqual(self.bridge_server.calls("knowledge.remove")[0]["documents"][0]["kind"], "product")

    def test_a_renamed_category_attribute_value_or_tag_sends_its_products_and_no_others(self):
        tag = self.env["product.tag"].create({"name": "antes-test"})
        product = self.create_with_sizes(product_tag_ids=tag.ids)
        other = self.create_product(name="Outro", categ_id=self.category.copy({"name": "Pele"}).id)
        parent = self.env["product.category"].create({"name": "Beleza"})
        line = product.attribute_line_ids
        self.settle()
        for record, values in (
            (self.category, {"name": "Cabelos"}),
            (self.category, {"parent_id": parent.id}),
            (parent, {"name": "Beleza e bem-estar"}),
            (line.attribute_id, {"name": "Volume"}),
            (line.value_ids[0], {"name": "300 ml"}),
            (tag, {"name": "depois-test"}),
            (tag, {"visible_to_customers": False}),
            (line, {"value_ids": [(3, line.value_ids[1].id)]}),
            (product.product_variant_id, {"default_code": "SH-300"}),
        ):
            record.write(values)
            self.assertEqual(self.pushed(), [product.name], (record, values))
            self.settle()
        for record, values in ((self.category, {"product_properties_definition": []}), (tag, {"color": "#123456"})):
            record.write(values)
            self.assertEqual(self.pushed(), [], (record, values))
        self.assertEqual(other.sync_state, "synced")

    def test_a_deleted_tag_sends_its_products(self):
        tag = self.env["product.tag"].create({"name": "some-test"})
        product = self.create_product(product_tag_ids=tag.ids)
        self.settle()
        tag.unlink()
        self.assertEqual(self.pushed(), [product.name])

    def test_many_are_switched_and_sent_at_once(self):
        products = self.create_product(name="A") + self.create_product(name="B")
        self.settle()
        products.action_integrator_unpublish()
        self.assertEqual(len(self.removed()), 2)
        self.settle()
        products.action_integrator_publish()
        self.assertEqual(sorted(self.pushed()), ["A", "B"])
        self.settle()
        products.action_sync_now()
        self.assertEqual(sorted(self.pushed()), ["A", "B"])

    def test_a_company_paired_before_gets_its_products_when_the_addon_comes(self):
        product = self.create_product()
        self.settle()
        post_init_hook(self.env)
        self.assertIn(product.name, self.pushed())
