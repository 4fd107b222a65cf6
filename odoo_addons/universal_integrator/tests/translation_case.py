# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every addon of the family promises about its texts: each one is in the template and has a pt-BR translation."""

import re

import polib

from odoo.tests import TransactionCase
from odoo.tools import file_path
from odoo.tools.translate import TranslationModuleReader

PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|</?[a-z]+[^>]*>|\{[a-z_]+\}")


class TranslationCase(TransactionCase):
    """Set ``addon`` and call the three checks."""

    addon = ""

    def check_template_is_current(self):
        template = {entry.msgid for entry in self._read(f"{self.addon}.pot")}
        # Other installed apps give mail.thread fields of their own, whose texts are not ours.
        inherited = {
            text for field in self.env["mail.thread"]._fields.values() for text in (field.string, field.help) if text
        }
        found = {row[4] for row in TranslationModuleReader(self.env.cr, modules=[self.addon])}
        self.assertGreater(len(found), 20)
        self.assertEqual(found - inherited - template, set())

    def check_everything_is_translated(self):
        translated = {entry.msgid: entry.msgstr for entry in self._read("pt_BR.po")}
        missing = [entry.msgid for entry in self._read(f"{self.addon}.pot") if not translated.get(entry.msgid)]
        self.assertEqual(missing, [])

    def check_placeholders_survive(self):
        for entry in self._read("pt_BR.po"):
            kept = sorted(PLACEHOLDER.findall(entry.msgstr))
            self.assertEqual(kept, sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid)

    def _read(self, name):
        return polib.pofile(file_path(f"{self.addon}/i18n/{name}"))
