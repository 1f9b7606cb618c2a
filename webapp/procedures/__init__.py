"""Procedures as people read them: what they say, their releases, diagrams, forms and decisions, and a place to try a decision."""

from flask import Blueprint

from webapp.procedures.diagram import xml
from webapp.procedures.listing import index
from webapp.procedures.page import show
from webapp.procedures.trying import try_out

blueprint = Blueprint("procedures", __name__)
blueprint.add_url_rule("/procedures", "index", index)
blueprint.add_url_rule("/procedures/<slug>", "show", show)
blueprint.add_url_rule("/procedures/<slug>/releases/<int:number>", "release", show)
blueprint.add_url_rule("/procedures/<slug>/releases/<int:number>/diagrams/<process_id>.bpmn", "diagram", xml)
blueprint.add_url_rule("/procedures/<slug>/releases/<int:number>/decisions/<decision>", "decision", try_out)
