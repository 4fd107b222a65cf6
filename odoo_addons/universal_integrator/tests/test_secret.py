# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import stat
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..models.integrator_secret import KEY_FILE_NAME


@tagged("post_install", "-at_install")
class TestSecret(TransactionCase):
    def setUp(self):
        super().setUp()
        self.secret = self.env["integrator.secret"]

    def _configure(self, **options):
        self.patch(config, "options", config.options.new_child(options))

    def test_what_is_sealed_opens_again_and_shows_nothing(self):
        self._configure(universal_integrator_key=Fernet.generate_key().decode())
        sealed = self.secret._seal("ação")
        self.assertNotIn("ação", sealed)
        self.assertEqual(self.secret._unseal(sealed), "ação")
        self.assertEqual(self.secret._seal(""), "")
        self.assertEqual(self.secret._unseal(""), "")

    def test_a_previous_key_still_opens(self):
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        self._configure(universal_integrator_key=old)
        sealed = self.secret._seal("value")
        self._configure(universal_integrator_key=f"{new}, {old}")
        self.assertEqual(self.secret._unseal(sealed), "value")

    def test_a_lost_key_is_explained(self):
        self._configure(universal_integrator_key=Fernet.generate_key().decode())
        sealed = self.secret._seal("value")
        self._configure(universal_integrator_key=Fernet.generate_key().decode())
        with self.assertRaisesRegex(UserError, "another encryption key"):
            self.secret._unseal(sealed)

    def test_a_key_that_is_none_is_explained(self):
        self._configure(universal_integrator_key="short")
        with self.assertRaisesRegex(UserError, "not valid"):
            self.secret._seal("value")

    def test_without_configuration_a_private_key_file_is_made_once(self):
        with tempfile.TemporaryDirectory() as folder:
            self._configure(universal_integrator_key="", data_dir=folder)
            sealed = self.secret._seal("value")
            path = Path(folder) / KEY_FILE_NAME
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(self.secret._unseal(sealed), "value")
            self.assertEqual([file.name for file in Path(folder).iterdir()], [KEY_FILE_NAME])
