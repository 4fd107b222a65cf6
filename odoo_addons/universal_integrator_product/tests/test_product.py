# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ProductCase


@tagged("post_install", "-at_install")
class TestProduct(ProductCase):
    def test_the_document_has_the_shape_of_the_contract(self):
        tags = self.env["product.tag"].create(
            [{"name": "vegano-test"}, {"name": "interno-test", "visible_to_customers": False}]
        )
        product = self.create_with_sizes(product_tag_ids=tags.ids)
        product.product_variant_ids[0].default_code = "SH-250"
        product.product_variant_ids[1].default_code = "SH-500"
        document = self.document(product)
        self.assertRegex(document.pop("hash"), "^[0-9a-f]{64}$")
        document.pop("updated_at")
        self.assertEqual(
            document,
            {
                "kind": "product",
                "id": f"odoo:product.template:{product.id}",
                "title": "Shampoo de Aloe Vera",
                "body": "Para cabelos secos.\nTamanho: 250 ml, 500 ml",
                "lang": self.tenant.lang,
                "attributes": {"category": "Cabelo", "sku": ["SH-250", "SH-500"], "tags": ["vegano-test"]},
                "active": True,
            },
        )

    def test_a_service_is_a_service_and_one_reference_is_one_text(self):
        document = self.document(self.create_product(type="service", default_code="CORTE"))
        self.assertEqual((document["kind"], document["attributes"]["sku"]), ("service", "CORTE"))

    def test_notes_for_ourselves_are_never_in_it(self):
        product = self.create_product(
            description="<p>margem alta SEGREDO</p>",
            description_purchase="SEGREDO do fornecedor",
            standard_price=1.2345,
        )
        self.assertNotIn("SEGREDO", str(self.document(product)))
        self.assertNotIn("1.2345", str(self.document(product)))

    def test_the_hash_knows_texts_only(self):
        product = self.create_product()
        before = self.document(product)["hash"]
        product.write({"list_price": 99.0, "standard_price": 3.0, "weight": 2.5, "image_1920": False, "sequence": 9})
        self.env["product.pricelist"].create({"name": "Outra", "company_id": self.company.id})
        self.assertEqual(self.document(product)["hash"], before)
        for values in (
            {"name": "Shampoo de Babosa"},
            {"description_sale": "Para todos os cabelos."},
            {"default_code": "SH-1"},
            {"type": "service"},
        ):
            product.write(values)
            after = self.document(product)["hash"]
            self.assertNotEqual(after, before, values)
            before = after

    def test_it_comes_in_the_company_s_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.tenant.lang = "pt_BR"
        product = self.create_product()
        product.with_context(lang="pt_BR").name = "Xampu"
        product.with_context(lang="en_US").name = "Shampoo"
        self.assertEqual(self.document(product)["title"], "Xampu")

    def test_only_active_products_for_sale_that_are_not_kept_back_and_belong_here(self):
        product = self.create_product()
        self.assertTrue(self.document(product))
        for values, back in (
            ({"active": False}, {"active": True}),
            ({"sale_ok": False}, {"sale_ok": True}),
            ({"integrator_published": False}, {"integrator_published": True}),
            ({"company_id": self.other_company.id}, {"company_id": False}),
        ):
            product.write(values)
            self.assertIsNone(self.document(product), values)
            product.write(back)
            self.assertTrue(self.document(product), back)

    def test_the_tab_shows_what_the_assistant_reads(self):
        product = self.create_product()
        shown = product.with_company(self.company)
        self.assertEqual(shown.integrator_text, "Shampoo de Aloe Vera\nPara cabelos secos.")
        shown.integrator_published = False
        shown.invalidate_recordset(["integrator_text"])
        self.assertFalse(shown.integrator_text)
