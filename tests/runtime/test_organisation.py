"""The organisation kept in memory is never one that was rolled back."""

from __future__ import annotations

import pytest

from engine import org
from tests.support.town import SEED, Town


def test_a_change_that_was_rolled_back_is_not_remembered(yunxi: Town) -> None:
    reception = yunxi["reception"]
    with pytest.raises(RuntimeError), yunxi.store.writing() as db:
        org.add_membership(db, reception.key, "company_leader", yunxi.units["pp_company"], SEED)
        assert "company_leader" in {hold.role for hold in org.org_at(db).holds(reception.key)}
        raise RuntimeError("power cut")
    yunxi.add("property-project.other", "别人", "reception", "pp_yunxi")
    with yunxi.store.reading() as db:
        assert {hold.role for hold in org.org_at(db).holds(reception.key)} == {"reception"}
