# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ProductCase

HIDDEN = ("integrator_published", "integrator_text", "sync_state", "last_sync", "sync_error")


@tagged("post_install", "-at_install")
class TestProductRights(ProductCase):
    def test_who_has_no_right_sees_products_and_nothing_of_the_assistant(self):
        employee = new_test_user(self.env, "product_employee", groups="base.group_user")
        product = self.create_product(company_id=False).with_user(employee)
        self.assertTrue(product.name)
        fields = product.fields_get()
        views = product.get_views([(False, "form"), (False, "list"), (False, "search")])["views"]
        for name in HIDDEN:
            self.assertNotIn(name, fields)
            with self.assertRaises(AccessError):
                product.read([name])
            for kind, view in views.items():
                self.assertNotIn(f'"{name}"', view["arch"], kind)

    def test_a_seller_without_the_right_still_creates_and_edits_products(self):
        seller = new_test_user(
            self.env, "product_seller", groups="base.group_user,product.group_product_manager"
        )
        product = self.env["product.template"].with_user(seller).create({"name": "Creme", "description_sale": "Novo."})
        product.description_sale = "Novo e melhor."
        self.assertIn("Creme", self.pushed())

    def test_a_reader_sees_the_state_and_cannot_switch(self):
        product = self.create_product().with_user(self.reader)
        self.assertTrue(product.sync_state)
        with self.assertRaises(AccessError):
            product.integrator_published = False
