# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..bridge_client import PROTOCOL
from ..models.integrator_bridge import addon_version
from .common import IntegratorCase


@tagged("post_install", "-at_install")
class TestGateway(IntegratorCase):
    def setUp(self):
        super().setUp()
        self.tenant = self.pair()
        self.gateway = self.env["integrator.gateway"].with_user(self.tenant.technical_user_id)

    def test_it_says_what_it_is(self):
        described = self.gateway.describe()
        self.assertEqual(described["protocol"], PROTOCOL)
        self.assertEqual(described["addon_version"], addon_version())
        self.assertIn("universal_integrator", described["apps"])
        for tool in described["tools"]:
            self.assertEqual(set(tool), {"name", "description", "schema", "access", "identity"})

    def test_everyone_without_the_group_is_refused_first(self):
        users = [
            self.env["res.users"].browse(SUPERUSER_ID),
            self.env.ref("base.user_admin"),
            self.env.ref("base.public_user"),
            new_test_user(self.env, "gateway_portal", groups="base.group_portal"),
            new_test_user(self.env, "gateway_employee", groups="base.group_user"),
            self.manager,
        ]
        for user in users:
            gateway = self.env["integrator.gateway"].with_user(user)
            for call in (gateway.describe, gateway.manifest, gateway.documents, lambda: gateway.call_tool("any")):
                with self.assertRaisesRegex(AccessError, "Only the technical user", msg=user.login):
                    call()
            with self.assertRaises(AccessError):
                gateway.sudo().describe()

    def test_a_technical_user_that_lost_the_group_is_refused(self):
        for group in ("base.group_portal", "base.group_user"):
            self.tenant.technical_user_id.group_ids = self.env.ref(group)
            with self.assertRaisesRegex(AccessError, "Only the technical user"):
                self.gateway.manifest()

    def test_the_group_alone_opens_nothing(self):
        user = new_test_user(self.env, "gateway_alone", groups="universal_integrator.group_integrator_gateway")
        with self.assertRaisesRegex(AccessError, "no company"):
            self.env["integrator.gateway"].with_user(user).describe()

    def test_a_technical_user_of_more_than_its_company_is_refused(self):
        self.tenant.technical_user_id.company_ids += self.other_company
        with self.assertRaisesRegex(AccessError, "own company alone"):
            self.gateway.describe()

    def test_an_unpaired_company_has_no_gateway(self):
        self.tenant.action_unpair()
        with self.assertRaises(AccessError):
            self.gateway.describe()

    def test_the_caller_s_context_is_forgotten(self):
        context = {
            "allowed_company_ids": self.other_company.ids,
            "lang": "xx_XX",
            "active_test": False,
            "tz": "nowhere",
        }
        gateway, tenant = self.gateway.with_context(context)._enter()  # pylint: disable=context-overridden
        self.assertEqual(dict(gateway.env.context), {})
        self.assertEqual(gateway.env.company, self.company)
        self.assertEqual(tenant, self.tenant)

    def test_wrong_parameters_are_refused_with_a_reason(self):
        for call in (
            lambda: self.gateway.manifest("rule", "", 10),
            lambda: self.gateway.manifest(["secret"], "", 10),
            lambda: self.gateway.manifest([], "", 0),
            lambda: self.gateway.manifest([], "", 1001),
            lambda: self.gateway.manifest([], "", True),
            lambda: self.gateway.manifest([], "garbage", 10),
            lambda: self.gateway.manifest([], "WzEsMl0=", 10),
            lambda: self.gateway.manifest([], 7, 10),
            lambda: self.gateway.documents("x"),
            lambda: self.gateway.documents([{"kind": "rule"}]),
            lambda: self.gateway.documents(["odoo:integrator.rule:1"]),
            lambda: self.gateway.documents([{"kind": "rule", "id": "x"}] * 501),
        ):
            with self.assertRaises(UserError):
                call()

    def test_references_that_are_nobodys_are_gone(self):
        refs = [
            {"kind": "rule", "id": "odoo:res.users:2"},
            {"kind": "rule", "id": "odoo:res.users:2"},
            {"kind": "company", "id": "yaml:company"},
            {"kind": "x", "id": "odoo:integrator.rule:99999999999999999999"},
        ]
        answer = self.gateway.documents(refs)
        self.assertEqual(answer, {"documents": [], "gone": [refs[0], refs[2], refs[3]]})

    def test_an_unknown_tool_and_arguments_without_names_are_refused_in_words(self):
        self.assertEqual(self.gateway.call_tool("unlink_everything")["code"], "unknown_tool")
        self.assertEqual(self.gateway.call_tool("_enter")["code"], "unknown_tool")
        for tool in self.gateway.describe()["tools"]:
            self.assertEqual(self.gateway.call_tool(tool["name"], ["x"])["code"], "bad_arguments")
