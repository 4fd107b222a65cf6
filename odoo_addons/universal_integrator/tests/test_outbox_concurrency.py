# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two real transactions at once; what they need is committed, and deleted again at the end."""

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from .common import TOKEN, FakeBridge, allow_local_requests


@tagged("post_install", "-at_install")
class TestOutboxConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._cursor() as cr:
            env = self._env(cr)
            company = env["res.company"].search([("id", "not in", env["integrator.tenant"].search([]).company_id.ids)])[
                :1
            ]
            bridge = env["integrator.bridge"].create({"name": "Concurrency", "url": "http://127.0.0.1:1"})
            tenant = env["integrator.tenant"].create(
                {"name": "Concurrency", "account_id": "concurrency", "company_id": company.id, "bridge_id": bridge.id}
            )
            env["integrator.outbox"]._enqueue(
                [{"tenant_id": tenant.id, "kind": "tenant", "model": tenant._name, "res_id": tenant.id, "ref": "x"}]
            )
            self.ids = (tenant.id, bridge.id)
        self.addCleanup(self._delete)

    def _delete(self):
        tenant, bridge = self.ids
        with self._cursor() as cr:
            env = self._env(cr)
            env["integrator.tenant"].browse(tenant).unlink()
            env["integrator.bridge"].browse(bridge).unlink()

    def test_two_senders_never_hold_the_same_row(self):
        with self._cursor() as one, self._cursor() as two:
            held = self._own_rows(self._env(one)["integrator.outbox"]._claim_rows())
            self.assertEqual(len(held), 1)
            self.assertFalse(self._own_rows(self._env(two)["integrator.outbox"]._claim_rows()))
            two.rollback()
            one.commit()
            self.assertFalse(self._own_rows(self._env(two)["integrator.outbox"]._claim_rows()))

    def test_a_call_stays_recorded_when_its_own_transaction_is_rolled_back(self):
        with self._cursor() as cr:
            bridge = self._env(cr)["integrator.bridge"].browse(self.ids[1])
            with self.assertRaises(UserError):
                bridge._call("system.ping")
            cr.rollback()
        with self._cursor() as cr:
            calls = self._env(cr)["integrator.call"].search([("bridge_id", "=", self.ids[1])])
            self.assertEqual((calls.method, calls.state), ("system.ping", "error"))

    @mute_logger("odoo.sql_db")
    def test_a_code_is_spent_once_although_a_colleague_writes_at_the_same_moment(self):
        server = FakeBridge()
        self.addCleanup(server.close)
        tenant_id, bridge_id = self.ids
        ping = server.answers["system.ping"]

        def write_meanwhile(params):
            with self._cursor() as cr:
                cr.execute("UPDATE integrator_bridge SET name = 'Renamed' WHERE id = %s", (bridge_id,))
            return ping

        server.answers["system.ping"] = write_meanwhile
        with self._cursor() as cr:
            env = self._env(cr)
            tenant = env["integrator.tenant"].browse(tenant_id)
            tenant.bridge_id.url = server.url
            company = tenant.company_id
            wizard = (
                env["integrator.pair"]
                .with_company(company)
                .create({"bridge_id": bridge_id, "company_id": company.id, "code": "ABCD"})
            )
            cr.commit()
            wizard.action_pair()
        self.addCleanup(self._unpair)
        self.assertEqual(len(server.calls("system.pair")), 1)
        with self._cursor() as cr:
            tenant = self._env(cr)["integrator.tenant"].browse(tenant_id)
            self.assertEqual(tenant._token(), TOKEN)
            self.assertEqual((tenant.bridge_id.state, tenant.bridge_id.name), ("connected", "Renamed"))

    def _unpair(self):
        with self._cursor() as cr:
            self._env(cr)["integrator.tenant"].browse(self.ids[0]).action_unpair()

    @mute_logger("odoo.sql_db")
    def test_a_sender_that_looked_too_early_gets_nothing(self):
        with self._cursor() as one, self._cursor() as two:
            two.execute("SELECT 1 FROM integrator_outbox")
            self._env(one)["integrator.outbox"]._claim_rows()
            one.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._env(two)["integrator.outbox"]._claim_rows()
            two.rollback()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return allow_local_requests(session, request, **options)

    def _own_rows(self, rows):
        return rows.filtered(lambda row: row.tenant_id.id == self.ids[0])

    def _cursor(self):
        return db_connect(get_db_name()).cursor()

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})
