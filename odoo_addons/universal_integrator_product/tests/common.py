# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.universal_integrator.tests.common import IntegratorCase


class ProductCase(IntegratorCase):
    def setUp(self):
        super().setUp()
        # Demo products of every company would be documents of the test's company as well.
        self.env.cr.execute("UPDATE product_template SET integrator_published = FALSE")
        self.env.invalidate_all()
        self.tenant = self.pair_quietly()
        self.products = self.env["product.template"].with_context(allowed_company_ids=self.company.ids)
        self.category = self.env["product.category"].create({"name": "Cabelo"})

    def create_product(self, **values):
        defaults = {
            "name": "Shampoo de Aloe Vera",
            "description_sale": "Para cabelos secos.",
            "categ_id": self.category.id,
            "company_id": self.company.id,
            "list_price": 29.9,
        }
        return self.products.create(defaults | values)

    def create_with_sizes(self, **values):
        """A product in two sizes; the bigger one costs 10 more."""
        attribute = self.env["product.attribute"].create({"name": "Tamanho", "create_variant": "always"})
        sizes = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("250 ml", "500 ml")]
        )
        line = (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, sizes.ids)]})
        product = self.create_product(attribute_line_ids=[line], **values)
        product.attribute_line_ids.product_template_value_ids[1].price_extra = 10
        return product

    def document(self, product):
        return product._integrator_documents(self.tenant).get(product.id)

    def settle(self):
        """Send what waits and forget that it was sent."""
        self.send()
        self.bridge_server.requests.clear()

    def pushed(self):
        """Titles sent since the last settling, in order."""
        self.send()
        return [one["title"] for call in self.bridge_server.calls("knowledge.upsert") for one in call["documents"]]

    def removed(self):
        self.send()
        return [one["id"] for call in self.bridge_server.calls("knowledge.remove") for one in call["documents"]]
