"""Imports: from a roster file that was read to a change of the schedule."""

from duty_teller.services.import_service.planning import ImportPlan, rules_of
from duty_teller.services.import_service.run import Imported, RosterFile, plan, run_import

__all__ = ["ImportPlan", "Imported", "RosterFile", "plan", "rules_of", "run_import"]
