# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.integrator_credential import INPUTS
from .common import IntegratorCase

SECRET = "bot-token-nobody-may-see"


@tagged("post_install", "-at_install")
class TestCredential(IntegratorCase):
    def setUp(self):
        super().setUp()
        self.tenant = self.pair_quietly()
        self.credential = self._create(kind="chatwoot", input_bot_token=SECRET)

    def test_a_secret_leaves_by_no_reading_method(self):
        credential = self.credential
        readings = [
            credential.read(),
            credential.read(INPUTS),
            credential.search_read([]),
            credential.web_read({name: {} for name in [*INPUTS, "kept", "ref"]}),
            credential.web_search_read([], {name: {} for name in INPUTS}),
            credential.copy_data(),
            credential.fields_get(),
            credential.web_save({"login": "x"}, {name: {} for name in INPUTS}),
            credential.web_save({"input_user_token": SECRET}, {name: {} for name in INPUTS}),
        ]
        self.assertNotIn(SECRET, repr(readings))
        self.assertNotIn("sealed", credential.fields_get())
        self.assertEqual(credential.kept, "bot_token, user_token")

    def test_the_sealed_text_is_closed_to_administrators_too(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        for user in (self.manager, admin):
            credential = self.credential.with_user(user)
            for act in (
                lambda credential=credential: credential.read(["sealed"]),
                lambda credential=credential: credential.search_read([], ["sealed"]),
                lambda credential=credential: credential.search([("sealed", "like", "gAAAA%")]),
                lambda credential=credential: credential.search([], order="sealed"),
                lambda credential=credential: credential.formatted_read_group([], ["sealed"]),
                lambda credential=credential: credential.write({"sealed": "x"}),
                lambda credential=credential: credential.tenant_id.read(["token_sealed"]),
                lambda credential=credential: credential.sealed,
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_a_secret_leaves_by_no_export(self):
        offered = self.credential.fields_get(attributes=["exportable"])
        self.assertFalse([name for name in INPUTS if offered[name]["exportable"]])
        self.assertNotIn("sealed", offered)
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        self.assertNotIn(SECRET, repr(self.credential.export_data(["id", "ref", "kept", *INPUTS])))
        with self.assertRaises(AccessError):
            self.credential.export_data(["sealed"])

    def test_the_database_holds_no_secret_in_the_clear(self):
        self.env.flush_all()
        self.cr.execute("SELECT integrator_credential::text FROM integrator_credential")
        text = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("bot_token", text)
        self.assertNotIn(SECRET, text)

    def test_the_outbox_holds_no_secret_at_all(self):
        self.env.flush_all()
        self.cr.execute("SELECT integrator_outbox::text FROM integrator_outbox")
        self.assertNotIn(SECRET, "\n".join(row[0] for row in self.cr.fetchall()))

    def test_the_form_keeps_what_is_left_empty(self):
        with Form(self.credential) as form:
            self.assertFalse(form.input_bot_token)
            form.input_user_token = "user-token"
        self.send()
        self.assertEqual(
            self.bridge_server.calls("credentials.set")[-1],
            {
                "ref": "sandra_cosmeticos-chatwoot",
                "kind": "chatwoot",
                "fields": {"bot_token": SECRET, "user_token": "user-token"},
            },
        )
        self.assertEqual(self.credential.sync_state, "synced")

    def test_lists_and_headers_reach_the_bridge_in_its_own_shape(self):
        self.credential.input_webhook_secrets = "one\n\n two \n"
        mcp = self._create(kind="mcp", input_headers="Authorization: Bearer abc\nX-Shop: 1")
        self.assertEqual(self.credential._prepare_params()["fields"]["webhook_secrets"], ["one", "two"])
        self.assertEqual(mcp._prepare_params()["fields"], {"headers": {"Authorization": "Bearer abc", "X-Shop": "1"}})

    def test_wrong_input_is_refused(self):
        for values in (
            {"input_url_token": "short"},
            {"input_webhook_secrets": "\n".join(map(str, range(33)))},
        ):
            with self.assertRaises(ValidationError):
                self.credential.write(values)
        with self.assertRaises(ValidationError):
            self._create(kind="mcp", input_headers="no colon")
        with self.assertRaises(ValidationError):
            self.credential.ref = "Com Espaço"

    def test_forgetting_removes_here_and_there(self):
        self.credential.action_forget()
        self.send()
        self.assertFalse(self.credential.kept)
        self.assertEqual(self.bridge_server.calls("credentials.remove"), [{"ref": "sandra_cosmeticos-chatwoot"}])
        self.assertFalse(self.bridge_server.calls("credentials.set"))

    def test_deleting_removes_there(self):
        self.send()
        self.credential.unlink()
        self.send()
        self.assertEqual(self.bridge_server.calls("credentials.remove"), [{"ref": "sandra_cosmeticos-chatwoot"}])
        self.assertNotIn(
            "credential_ref", json.dumps(self.bridge_server.calls("tenant.upsert")[-1]["integrations"].get("chatwoot"))
        )

    def test_a_new_name_removes_the_old_one(self):
        self.send()
        self.credential.ref = "loja-chatwoot"
        self.send()
        self.assertEqual(self.bridge_server.calls("credentials.remove"), [{"ref": "sandra_cosmeticos-chatwoot"}])
        self.assertEqual(self.bridge_server.calls("credentials.set")[-1]["ref"], "loja-chatwoot")

    def test_another_kind_forgets_the_values(self):
        self.credential.kind = "model"
        self.assertFalse(self.credential.kept)

    def test_sending_again_sends_the_same(self):
        self.send()
        self.credential.action_send_again()
        self.send()
        first, second = self.bridge_server.calls("credentials.set")
        self.assertEqual(first, second)

    def test_the_managed_key_is_not_edited_by_hand(self):
        managed = self.tenant.credential_ids.filtered("is_managed").with_user(self.manager)
        with self.assertRaises(UserError):
            managed.ref = "another"
        with self.assertRaises(UserError):
            managed.action_forget()
        with self.assertRaises(UserError):
            managed.unlink()
        before = managed._secrets()["api_key"]
        managed.action_renew_key()
        self.assertNotEqual(managed._secrets()["api_key"], before)

    def test_a_lost_key_stops_the_queue_with_an_explanation(self):
        self.send()
        self.env.cr.execute("UPDATE integrator_credential SET sealed = 'gAAAAAB' WHERE id = %s", (self.credential.id,))
        self.env.invalidate_all()
        self.credential.action_send_again()
        self.send()
        row = self.rows(model="integrator.credential", res_id=self.credential.id, state="pending")
        self.assertIn("encryption key", row.last_error)

    def _create(self, **values):
        return self.env["integrator.credential"].with_user(self.manager).create({"tenant_id": self.tenant.id, **values})
