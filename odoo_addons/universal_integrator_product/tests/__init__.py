from . import test_product
from . import test_product_facts
from . import test_product_gateway_http
from . import test_product_rights
from . import test_product_sync
from . import test_translation
