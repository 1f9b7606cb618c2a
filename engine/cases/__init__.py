"""The case around its instances: registering one."""

from engine.cases.registration import Registered, Registrable, Registration, register, register_form, registrable

__all__ = ["Registered", "Registrable", "Registration", "register", "register_form", "registrable"]
