"""Registering a complaint that reached the house by phone, letter or in person."""

from flask import Blueprint

from webapp.intake import pages

blueprint = Blueprint("intake", __name__)
blueprint.add_url_rule("/intake/", "index", pages.index)
blueprint.add_url_rule("/intake/<procedure>", "show", pages.show)
blueprint.add_url_rule("/intake/<procedure>", "register", pages.register, methods=["POST"])
