from . import integrator_rule_tag
from . import integrator_rule
