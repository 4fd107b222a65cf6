# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.universal_integrator.tests.translation_case import TranslationCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTranslation(TranslationCase):
    addon = "universal_integrator_product"

    def test_every_text_is_in_the_template(self):
        self.check_template_is_current()

    def test_every_text_has_a_brazilian_translation(self):
        self.check_everything_is_translated()

    def test_translations_keep_placeholders_and_tags(self):
        self.check_placeholders_survive()
