from . import integrator_pair
