# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.integrator_outbox import ATTEMPTS_MAX, backoff_seconds, batches
from .common import HttpFault, IntegratorCase, RpcFault


@tagged("post_install", "-at_install")
class TestOutbox(IntegratorCase):
    def setUp(self):
        super().setUp()
        self.tenant = self.pair_quietly()
        self.outbox = self.env["integrator.outbox"]

    def test_a_row_is_part_of_the_transaction_of_the_change(self):
        class Undo(Exception):
            pass

        with self.assertRaises(Undo), self.cr.savepoint():
            self.tenant.wait_minutes = 44
            self.assertTrue(self.rows(state="pending"))
            raise Undo
        self.env.invalidate_all()
        self.assertFalse(self.rows(state="pending"))

    def test_saving_wakes_the_cron(self):
        cron = self.env.ref("universal_integrator.ir_cron_outbox")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.tenant.wait_minutes = 44
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)

    def test_an_unpaired_company_fills_no_outbox(self):
        self.tenant.action_unpair()
        self.tenant.wait_minutes = 44
        self.assertFalse(self.rows(state="pending"))

    def test_several_changes_leave_as_one(self):
        for minutes in (31, 32, 33):
            self.tenant.wait_minutes = minutes
        self.assertEqual(len(self.rows(state="pending")), 3)
        self.send()
        self.assertEqual([call["handoff"]["wait_minutes"] for call in self.bridge_server.calls("tenant.upsert")], [33])
        self.assertFalse(self.rows(state="pending"))

    def test_a_claimed_row_is_not_claimed_again_before_its_lease_ends(self):
        self.tenant.wait_minutes = 31
        claimed = self.outbox._claim_rows()
        self.assertEqual(claimed.mapped("state"), ["sending"])
        self.assertFalse(self.outbox._claim_rows())
        self.make_due()
        self.assertEqual(self.outbox._claim_rows(), claimed)

    def test_a_company_is_served_by_one_sender_at_a_time(self):
        self.tenant.wait_minutes = 31
        self.assertTrue(self.outbox._claim_rows())
        self.tenant.wait_minutes = 32
        self.assertFalse(self.outbox._claim_rows())

    def test_a_crashed_sender_is_replaced_and_its_late_word_does_not_count(self):
        self.tenant.wait_minutes = 31
        claimed = self.outbox._claim_rows()
        lease = claimed.lease
        self.make_due()
        self.outbox._claim_rows()
        late = {"kind": "tenant", "rows": claimed.ids, "rejected": {}, "done": dict.fromkeys(claimed.ids, "x")}
        self.outbox._mark(lease, late | {"config": {}, "answer": {}})
        self.assertEqual(claimed.state, "sending")
        self.make_due()
        self.send()
        self.assertEqual(claimed.state, "done")

    def test_no_lock_is_held_while_the_network_answers(self):
        self.tenant.wait_minutes = 31
        states = []

        def upsert(params):
            # The test's cursors are nested: all of the sender's are closed, or the stack would not be empty.
            from odoo.tests.test_cursor import TestCursor  # noqa: PLC0415

            states.append(len(TestCursor._cursors_stack))
            return {"version": 2, "changed": True, "warnings": []}

        self.bridge_server.answers["tenant.upsert"] = upsert
        self.send()
        self.assertEqual(states, [0])

    def test_a_bridge_that_is_away_is_waited_for_with_growing_pauses(self):
        self.bridge.url = "http://127.0.0.1:1"
        self.tenant.wait_minutes = 31
        for attempt in range(1, ATTEMPTS_MAX + 3):
            self.make_due()
            self.send()
            row = self.rows(state="pending")
            self.assertEqual(row.attempts, attempt)
        self.assertIn("cannot be reached", row.last_error)
        self.assertEqual(self.bridge.state, "error")
        self.assertEqual(self.tenant.sync_state, "pending")
        self.bridge.url = self.bridge_server.url
        self.make_due()
        self.send()
        self.assertEqual(row.state, "done")
        self.assertEqual(self.bridge.state, "connected")
        self.assertFalse(self.bridge.last_error)

    def test_while_the_bridge_is_away_the_rest_waits_too(self):
        self.bridge_server.answers["tenant.upsert"] = self._fail(HttpFault(502))
        self.tenant.wait_minutes = 31
        self.env["integrator.credential"].create({"tenant_id": self.tenant.id, "kind": "model", "input_api_key": "k"})
        self.send()
        self.assertEqual({request["method"] for request in self.bridge_server.requests}, {"tenant.upsert"})
        self.assertTrue(all(row.next_attempt_at > fields.Datetime.now() for row in self.rows(state="pending")))

    def test_what_was_put_off_leaves_as_soon_as_the_bridge_answers_again(self):
        answer = self.bridge_server.answers["tenant.upsert"]
        self.bridge_server.answers["tenant.upsert"] = self._fail(HttpFault(502))
        self.tenant.wait_minutes = 31
        for _attempt in range(5):
            self.make_due()
            self.send()
        self.assertGreater(self.rows(state="pending").next_attempt_at, fields.Datetime.now())
        self.bridge_server.answers["tenant.upsert"] = answer
        self.bridge.with_user(self.manager).action_test()
        self.send()
        self.assertFalse(self.rows(state="pending"))

    def test_pairing_again_leaves_nothing_behind_of_before(self):
        self.bridge_server.answers["tenant.upsert"] = self._fail(RpcFault(-32602, "Wrong parameters."))
        self.tenant.wait_minutes = 31
        self.send()
        self.assertTrue(self.rows(state="dead"))
        self.bridge_server.answers["tenant.upsert"] = {"version": 1, "changed": True, "warnings": []}
        self.pair()
        self.send()
        self.assertEqual(set(self.rows().mapped("state")), {"done"})

    def test_a_refusal_of_the_content_is_final_until_it_changes(self):
        problems = {"problems": [{"path": "name", "message": "too long"}]}
        self.bridge_server.answers["tenant.upsert"] = self._fail(RpcFault(-32602, "Wrong parameters.", problems))
        self.tenant.wait_minutes = 31
        self.send()
        row = self.rows(state="dead")
        self.assertIn("name: too long", row.last_error)
        self.assertEqual(self.tenant.sync_state, "error")
        del self.bridge_server.answers["tenant.upsert"]
        self.bridge_server.answers["tenant.upsert"] = {"version": 3, "changed": True, "warnings": []}
        self.tenant.wait_minutes = 32
        self.assertEqual(self.tenant.sync_state, "pending")
        self.send()
        self.assertEqual(row.state, "done")
        self.assertEqual(self.tenant.sync_state, "synced")

    def test_our_failure_there_is_tried_again_and_given_up_in_the_end(self):
        self.bridge_server.answers["tenant.upsert"] = self._fail(RpcFault(-32603, "The bridge made a mistake."))
        self.tenant.wait_minutes = 31
        for attempt in range(1, ATTEMPTS_MAX + 1):
            self.make_due()
            self.send()
            self.assertEqual(self.rows(kind="tenant")[-1].attempts, attempt)
        row = self.rows(state="dead")
        self.assertIn("made a mistake", row.last_error)
        self.make_due()
        self.bridge_server.requests.clear()
        self.send()
        self.assertFalse(self.bridge_server.requests)
        with self.assertRaises(UserError):
            row.with_user(self.reader).action_retry()
        del self.bridge_server.answers["tenant.upsert"]
        self.bridge_server.answers["tenant.upsert"] = {"version": 3, "changed": True, "warnings": []}
        row.with_user(self.manager).action_retry()
        self.send()
        self.assertEqual(row.state, "done")

    def test_the_pause_doubles_and_respects_what_the_bridge_asks(self):
        self.assertEqual([backoff_seconds(attempt) for attempt in (1, 2, 3)], [30, 60, 120])
        self.assertEqual(backoff_seconds(50), 3600)
        self.assertEqual(backoff_seconds(1, retry_after=600), 600)

    def test_a_limit_is_obeyed_to_the_second(self):
        self.bridge_server.answers["tenant.upsert"] = self._fail(
            RpcFault(-32015, "slowly", {"retry_after_ms": 900_000})
        )
        self.tenant.wait_minutes = 31
        self.send()
        earliest = fields.Datetime.now() + timedelta(seconds=890)
        self.assertGreater(self.rows(state="pending").next_attempt_at, earliest)

    def test_the_record_of_an_addon_that_is_gone_is_removed_there(self):
        self.outbox._enqueue(
            [
                {
                    "tenant_id": self.tenant.id,
                    "kind": "product",
                    "model": "no.such.model",
                    "res_id": 7,
                    "ref": "odoo:no.such.model:7",
                }
            ]
        )
        self.send()
        self.assertEqual(
            self.bridge_server.calls("knowledge.remove"),
            [{"documents": [{"kind": "product", "id": "odoo:no.such.model:7"}]}],
        )

    def test_batches_keep_within_number_and_size(self):
        items = [{"document": {"body": "x" * 10}, "ref": {}} for _ in range(1001)]
        self.assertEqual([len(batch) for batch in batches(items)], [500, 500, 1])
        heavy = [{"document": {"body": "é" * 900_000}, "ref": {}} for _ in range(3)]
        self.assertEqual([len(batch) for batch in batches(heavy)], [1, 1, 1])

    def test_nobody_writes_rows_by_hand(self):
        row = self.rows()[:1]
        for user in (self.reader, self.manager):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.outbox.with_user(user).create({})

    def test_done_rows_are_cleared_and_failed_ones_stay(self):
        done, dead = self.rows(state="done")[:1], self.rows(state="done")[1:2]
        long_ago = fields.Datetime.now() - timedelta(days=400)
        (done | dead).write({"done_at": long_ago})
        dead.state = "dead"
        self.outbox._gc_rows()
        self.assertFalse(done.exists())
        self.assertTrue(dead.exists())

    def _fail(self, fault):
        def answer(params):
            raise fault

        return answer
