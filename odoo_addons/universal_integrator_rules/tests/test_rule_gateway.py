# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import RuleCase


@tagged("post_install", "-at_install")
class TestRuleGateway(RuleCase):
    def setUp(self):
        super().setUp()
        self.gateway = self.env["integrator.gateway"].with_user(self.tenant.technical_user_id)

    def test_pages_give_everything_once_and_end_with_an_empty_cursor(self):
        ids = [self.create_rule(name=f"r{number}").id for number in range(7)]
        pages, after = [], ""
        while True:
            page = self.gateway.manifest(["rule"], after, 3)
            pages.append(page)
            after = page["next"]
            if not after:
                break
        self.assertEqual([len(page["items"]) for page in pages], [3, 3, 1])
        items = [item["id"] for page in pages for item in page["items"]]
        self.assertEqual(items, [f"odoo:integrator.rule:{record_id}" for record_id in ids])
        self.assertEqual(len({page["digest"] for page in pages}), 1)

    def test_a_full_last_page_has_no_next(self):
        for number in range(3):
            self.create_rule(name=f"r{number}")
        self.assertEqual(self.gateway.manifest(["rule"], "", 3)["next"], "")

    def test_a_rule_deleted_between_pages_skips_nothing(self):
        rules = [self.create_rule(name=f"r{number}") for number in range(4)]
        page = self.gateway.manifest(["rule"], "", 2)
        rules[1].unlink()
        rest = self.gateway.manifest(["rule"], page["next"], 2)
        self.assertEqual([item["id"] for item in rest["items"]], [rule._integrator_ref() for rule in rules[2:]])

    def test_the_digest_changes_with_any_content_and_with_nothing_else(self):
        rule = self.create_rule()
        first = self.gateway.manifest(["rule"], "", 10)["digest"]
        rule.message_post(body="nota")
        self.assertEqual(self.gateway.manifest(["rule"], "", 10)["digest"], first)
        self.assertEqual(self.gateway.manifest(["rule"], "", 1)["digest"], first)
        rule.priority = 3
        second = self.gateway.manifest(["rule"], "", 10)["digest"]
        self.assertNotEqual(second, first)
        rule.active = False
        self.assertNotIn(self.gateway.manifest(["rule"], "", 10)["digest"], (first, second))

    def test_only_the_kinds_asked_for_come(self):
        self.create_rule(kind="rule")
        faq = self.create_rule(kind="faq")
        items = self.gateway.manifest(["faq", "company"], "", 10)["items"]
        self.assertEqual([item["id"] for item in items], [faq._integrator_ref()])

    def test_hashes_are_the_same_on_push_and_pull_whoever_asks(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        rule = self.create_rule(
            channel_ids=self.env.ref("universal_integrator.channel_web").ids, tag_ids=[(0, 0, {"name": "hash-test"})]
        )
        self.send()
        (pushed,) = self.pushed()
        context = {"lang": "pt_BR", "allowed_company_ids": self.other_company.ids, "tz": "Asia/Tokyo"}
        gateway = self.gateway.with_context(context)  # pylint: disable=context-overridden
        (item,) = gateway.manifest(["rule"], "", 10)["items"]
        pulled = gateway.documents([{"kind": "rule", "id": rule._integrator_ref()}])
        self.assertEqual(item, {"kind": "rule", "id": rule._integrator_ref(), "hash": pushed["hash"]})
        self.assertEqual(pulled, {"documents": [pushed], "gone": []})

    def test_the_rules_of_another_company_are_never_given(self):
        foreign = self.env["integrator.rule"].create(
            {"name": "Segredo", "body": "Segredo", "company_id": self.other_company.id}
        )
        context = {"allowed_company_ids": self.other_company.ids, "active_test": False}
        gateway = self.gateway.with_context(context)  # pylint: disable=context-overridden
        ref = {"kind": "rule", "id": foreign._integrator_ref()}
        self.assertEqual(gateway.manifest(["rule"], "", 100)["items"], [])
        self.assertEqual(gateway.documents([ref]), {"documents": [], "gone": [ref]})

    def test_archived_deleted_and_renamed_documents_are_gone(self):
        archived, deleted, changed = (self.create_rule(name=name) for name in "abc")
        refs = [{"kind": "rule", "id": rule._integrator_ref()} for rule in (archived, deleted, changed)]
        archived.active = False
        deleted.unlink()
        changed.kind = "faq"
        self.assertEqual(self.gateway.documents(refs), {"documents": [], "gone": refs})

    def test_an_expired_rule_is_still_given_with_its_dates(self):
        rule = self.create_rule(valid_to="2020-01-01")
        (document,) = self.gateway.documents([{"kind": "rule", "id": rule._integrator_ref()}])["documents"]
        self.assertEqual(document["valid_to"], "2020-01-01")
        self.assertTrue(document["active"])
