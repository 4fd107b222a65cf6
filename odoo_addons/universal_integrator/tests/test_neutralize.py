# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from .common import IntegratorCase


@tagged("post_install", "-at_install")
class TestNeutralize(IntegratorCase):
    def test_a_neutralised_copy_is_silent_until_somebody_switches_it_on_and_pairs(self):
        tenant = self.pair_quietly()
        tenant.wait_minutes = 31
        self.env.flush_all()
        with file_open("universal_integrator/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.bridge.state, "off")
        self.assertFalse(tenant.is_paired)
        self.assertFalse(self.rows(state="pending"))
        self.assertFalse(self.env["res.users.apikeys"].search([("user_id", "=", tenant.technical_user_id.id)]))
        tenant.wait_minutes = 32
        self.send()
        with self.assertRaisesRegex(UserError, "switched off"):
            self.pair()
        self.assertFalse(self.bridge_server.requests)
        self.bridge.with_user(self.manager).action_switch_on()
        self.assertEqual(self.pair(), tenant)
        self.send()
        self.assertTrue(self.bridge_server.calls("tenant.upsert"))
        key = self.bridge_server.calls("credentials.set")[-1]["fields"]["api_key"]
        self.assertTrue(self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key))
