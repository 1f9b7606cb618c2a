"""Cases: the list, and everything about one."""

from flask import Blueprint

from webapp.cases import diagram, listing, page
from webapp.words import short

blueprint = Blueprint("cases", __name__)
blueprint.add_app_template_filter(short, "short")
blueprint.add_url_rule("/cases", "index", listing.index)
blueprint.add_url_rule("/cases/<number>", "show", page.show)
blueprint.add_url_rule("/cases/<number>/diagram/<int:instance_key>/<process_id>.bpmn", "diagram", diagram.xml)
