"""The inbox and the task page: what staff do all day."""

from flask import Blueprint

from webapp.tasks import acts, inbox, page
from webapp.words import short

blueprint = Blueprint("tasks", __name__)
blueprint.add_app_template_filter(short, "short")
blueprint.add_url_rule("/tasks", "inbox", inbox.inbox)
blueprint.add_url_rule("/tasks/<int:task_key>", "show", page.show)
blueprint.add_url_rule("/tasks/<int:task_key>", "complete", acts.complete, methods=["POST"])
blueprint.add_url_rule("/tasks/<int:task_key>/claim", "claim", acts.claim, methods=["POST"])
blueprint.add_url_rule("/tasks/<int:task_key>/unclaim", "unclaim", acts.unclaim, methods=["POST"])
