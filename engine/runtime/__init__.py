"""Running cases: tokens, tasks, timers, messages, incidents. May import SpiffWorkflow."""

from engine.runtime.errors import FormErrors, StaleValues, TaskGone, TaskTaken, TaskWithdrawn
from engine.runtime.explanations import explain
from engine.runtime.extension import extend
from engine.runtime.live import LiveCase
from engine.runtime.locking import lock_case
from engine.runtime.marks import Marks, marks
from engine.runtime.messages import deliver
from engine.runtime.offers import offer_again, offer_case_again, stale_offers
from engine.runtime.package import Package, PackageRefused, package, read_files, read_package
from engine.runtime.personal import mask, personal_values, reference
from engine.runtime.recomputing import Imported, Moved, change_office_hours, foresee, foresee_import, import_holidays, recompute
from engine.runtime.tasks import Completed, OpenTask, Submission, claim, complete, open_task, unclaim
from engine.runtime.timers import due_timers, fire, late_tasks, note_late, push_forward

__all__ = [
    "Completed",
    "FormErrors",
    "Imported",
    "LiveCase",
    "Marks",
    "Moved",
    "OpenTask",
    "Package",
    "PackageRefused",
    "StaleValues",
    "Submission",
    "TaskGone",
    "TaskTaken",
    "TaskWithdrawn",
    "change_office_hours",
    "claim",
    "complete",
    "deliver",
    "due_timers",
    "explain",
    "extend",
    "fire",
    "foresee",
    "foresee_import",
    "import_holidays",
    "late_tasks",
    "lock_case",
    "marks",
    "mask",
    "note_late",
    "offer_again",
    "offer_case_again",
    "open_task",
    "package",
    "personal_values",
    "push_forward",
    "read_files",
    "read_package",
    "recompute",
    "reference",
    "stale_offers",
    "unclaim",
]
