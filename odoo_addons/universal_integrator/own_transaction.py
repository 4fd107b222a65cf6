# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A transaction of its own, for what must be kept whatever becomes of the caller's."""

from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES = 5


def run_apart(registry, function, user_id=SUPERUSER_ID, context=None):
    """Call ``function(env)`` with a cursor of its own, commit, and return its result.

    When somebody else changed the same rows meanwhile, it is called again from the beginning; so it must only touch the
    database.
    """
    for remaining in reversed(range(TRIES)):
        try:
            with registry.cursor() as cr:
                return function(api.Environment(cr, user_id, dict(context or {})))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not remaining:
                raise
    raise AssertionError
