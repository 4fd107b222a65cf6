# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ForeignKeyViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RuleCase


@tagged("post_install", "-at_install")
class TestRule(RuleCase):
    def test_validity_is_stored_nowhere(self):
        self.assertFalse(self.rules._fields["validity"].store)
        self.env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'integrator_rule'")
        self.assertFalse({row[0] for row in self.env.cr.fetchall()} & {"validity", "expired", "state"})

    def test_both_days_of_a_validity_count_in_the_company_s_time_zone(self):
        self.tenant.tz = "America/Sao_Paulo"
        rule = self.create_rule(valid_from="2026-11-20", valid_to="2026-11-21")
        for moment, expected in (
            ("2026-11-20 02:59:59", "future"),
            ("2026-11-20 03:00:00", "valid"),
            ("2026-11-22 02:59:59", "valid"),
            ("2026-11-22 03:00:00", "expired"),
        ):
            with freeze_time(moment):
                rule.invalidate_recordset(["validity"])
                self.assertEqual(rule.validity, expected, moment)
                found = self.rules.search([("validity", "=", expected)])
                self.assertIn(rule, found, moment)
                self.assertNotIn(rule, self.rules.search([("validity", "!=", expected)]), moment)

    def test_a_rule_without_dates_is_always_valid(self):
        rule = self.create_rule()
        self.assertEqual(rule.validity, "valid")
        self.assertIn(rule, self.rules.search([("validity", "=", "valid")]))
        self.assertNotIn(rule, self.rules.search([("validity", "in", ["expired", "future"])]))

    def test_a_rule_of_every_company_has_a_validity_too(self):
        rule = self.create_rule(company_id=False, valid_to=fields.Date.subtract(fields.Date.today(), days=5))
        self.assertEqual(rule.validity, "expired")
        self.assertIn(rule, self.rules.search([("validity", "=", "expired")]))

    def test_the_document_has_the_shape_of_the_contract(self):
        channels = self.env.ref("universal_integrator.channel_whatsapp") + self.env.ref(
            "universal_integrator.channel_email"
        )
        rule = self.create_rule(
            kind="faq",
            question=" Qual o prazo para trocar? ",
            body="  Até 30 dias.\n",
            valid_from="2026-11-01",
            valid_to="2026-12-24",
            priority=7,
            channel_ids=channels.ids,
            service_ids=self.env.ref("universal_integrator.service_sales").ids,
            tag_ids=[(0, 0, {"name": "trocas-test"})],
        )
        document = rule._integrator_documents(self.tenant)[rule.id]
        self.assertRegex(document.pop("hash"), "^[0-9a-f]{64}$")
        self.assertRegex(document.pop("updated_at"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(
            document,
            {
                "kind": "faq",
                "id": f"odoo:integrator.rule:{rule.id}",
                "title": "Qual o prazo para trocar?",
                "body": "Até 30 dias.",
                "lang": self.tenant.lang,
                "valid_from": "2026-11-01",
                "valid_to": "2026-12-24",
                "channels": ["email", "whatsapp"],
                "services": ["sales"],
                "priority": 7,
                "attributes": {"tags": ["trocas-test"]},
                "active": True,
            },
        )

    def test_what_is_empty_is_left_out_and_nothing_is_none(self):
        document = self.create_rule()._integrator_documents(self.tenant).popitem()[1]
        self.assertNotIn("valid_from", document)
        self.assertFalse([name for name, value in document.items() if value is None or value is False])

    def test_wrong_rules_are_refused(self):
        for values in ({"name": "   "}, {"body": "\n \n"}, {"name": "x" * 501}, {"body": "x" * 100_001}):
            with self.assertRaises(ValidationError):
                self.create_rule(**values)

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_refuses_wrong_dates_and_priorities(self):
        for values in ({"valid_from": "2026-12-02", "valid_to": "2026-12-01"}, {"priority": 1001}):
            with self.assertRaises(CheckViolation):
                self.create_rule(**values)

    def test_a_channel_in_use_is_not_deleted_and_never_changes_its_key(self):
        channel = self.env["integrator.channel"].create({"name": "Balcão", "key": "counter"})
        rule = self.create_rule(channel_ids=channel.ids)
        with self.assertRaises(UserError):
            channel.key = "other"
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"):
            channel.unlink()
        self.assertEqual(rule.channel_ids, channel)
        with self.assertRaises(UserError):
            self.env.ref("universal_integrator.channel_web").unlink()

    def test_a_reader_reads_and_does_not_write(self):
        rule = self.create_rule()
        self.assertEqual(rule.with_user(self.reader).name, "Prazo de troca")
        for act in (
            lambda: rule.with_user(self.reader).write({"name": "x"}),
            lambda: rule.with_user(self.reader).unlink(),
            lambda: rule.with_user(self.reader).action_sync_now(),
            lambda: rule.with_user(self.reader).action_sync_all(),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_rules_of_another_company_are_not_seen(self):
        other = self.env["integrator.rule"].create(
            {"name": "Segredo", "body": "x", "company_id": self.other_company.id}
        )
        self.assertNotIn(other, self.rules.search([]))
        with self.assertRaises(AccessError):
            other.with_user(self.manager).read(["body"])
