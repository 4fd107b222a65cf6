# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sealing of secrets. The key lives outside the database, so that a dump alone opens nothing."""

import contextlib
import os
import uuid
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import config

KEY_FILE_NAME = "universal_integrator.key"


class IntegratorSecret(models.AbstractModel):
    _name = "integrator.secret"
    _description = "Sealing of secrets"

    def _seal(self, text):
        """Return ``text`` encrypted with the newest key; empty stays empty."""
        return self._cipher().encrypt(text.encode()).decode() if text else ""

    def _unseal(self, sealed):
        """Return what was sealed with any current key.

        :raises UserError: when no key of this server opens it
        """
        if not sealed:
            return ""
        try:
            return self._cipher().decrypt(sealed.encode()).decode()
        except InvalidToken as caught:
            raise UserError(
                self.env._(
                    "The stored secrets cannot be opened: this server has another encryption key than the one they were "
                    "saved with. Restore the key (universal_integrator_key in odoo.conf, or the file %(file)s in the data "
                    "folder), or enter the credentials again and pair again.",
                    file=KEY_FILE_NAME,
                )
            ) from caught

    def _cipher(self):
        """The newest key seals, all of them open: several keys, separated by commas, make a rotation possible."""
        configured = config.get("universal_integrator_key") or ""
        keys = [key.strip() for key in configured.split(",") if key.strip()] or [self._key_from_file()]
        try:
            return MultiFernet([Fernet(key) for key in keys])
        except ValueError as caught:
            raise UserError(
                self.env._(
                    "The encryption key of Universal Integrator is not valid. It has to be 32 random bytes in URL-safe "
                    "base64, as printed by: python3 -c 'from cryptography.fernet import Fernet; "
                    "print(Fernet.generate_key().decode())'"
                )
            ) from caught

    def _key_from_file(self):
        path = Path(config["data_dir"]) / KEY_FILE_NAME
        if not path.exists():
            self._create_key_file(path)
        return path.read_text().strip()

    def _create_key_file(self, path):
        """Create the file complete and private in one step: of several workers that try at once, one wins."""
        draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
