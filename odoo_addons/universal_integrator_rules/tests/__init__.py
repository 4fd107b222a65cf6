from . import test_rule
from . import test_rule_gateway
from . import test_rule_gateway_http
from . import test_rule_sync
from . import test_translation
