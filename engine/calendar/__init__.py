"""Working time: holidays, make-up days and office hours as versioned data. Knows no case and no person.

`calendar_at(db).working(units)` gives the working time of a unit; it adds working days and office time, counts working days,
and says why a day is one. Every answer carries what explains it.
"""

from engine.calendar.days import Day, Days, Kind, Listed
from engine.calendar.hours import Hours, OfficeRow, Span
from engine.calendar.importing import Change, ListRefused, Preview, preview, read_list, store_list
from engine.calendar.office import BadHours, set_hours
from engine.calendar.results import Basis, Counted, Reckoned, Skipped
from engine.calendar.snapshot import Calendar, calendar_at, read
from engine.calendar.working import NeverOpen, TooFar, WorkingTime

__all__ = [
    "BadHours",
    "Basis",
    "Calendar",
    "Change",
    "Counted",
    "Day",
    "Days",
    "Hours",
    "Kind",
    "ListRefused",
    "Listed",
    "NeverOpen",
    "OfficeRow",
    "Preview",
    "Reckoned",
    "Skipped",
    "Span",
    "TooFar",
    "WorkingTime",
    "calendar_at",
    "preview",
    "read",
    "read_list",
    "set_hours",
    "store_list",
]
