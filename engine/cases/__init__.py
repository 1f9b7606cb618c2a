"""The case around its instances: registering one, and saying why it stands as it does."""

from engine.cases.explanation import NoSuchCase, Section, explain_case
from engine.cases.registration import Registered, Registrable, Registration, register, register_form, registrable

__all__ = [
    "NoSuchCase",
    "Registered",
    "Registrable",
    "Registration",
    "Section",
    "explain_case",
    "register",
    "register_form",
    "registrable",
]
