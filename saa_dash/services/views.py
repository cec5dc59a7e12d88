"""Looking at a patient leaves a row in the audit trail: once per person, cut and patient within the hour."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from ..model.errors import UserError
from ..model.principal import Principal
from . import audit
from .context import View

VIEW = "view_patient"  # action of the audit row
AGAIN_SECONDS = 3600.0  # a longer look at the same patient is told once an hour
_MOST = 10_000  # looks remembered


class Looks:
    """What was told lately; safe for threads.

    Parameters
    ----------
    clock : seconds, only ever rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def is_new(self, look: tuple[str, ...]) -> bool:
        """Tell whether a look is not told yet, or too long ago."""
        with self._lock:
            at = self._told.get(look)
            return at is None or self._clock() - at >= AGAIN_SECONDS

    def told(self, look: tuple[str, ...]) -> None:
        """Note that a look has its row."""
        with self._lock:
            self._told[look] = self._clock()
            self._told.move_to_end(look)
            while len(self._told) > _MOST:
                self._told.popitem(last=False)


LOOKS = Looks()


def record_view(principal: Principal, view: View, pcodes: Sequence[str]) -> None:
    """Write that a principal looks at patients, before they are shown.

    Raises
    ------
    UserError : one of them is not in the selection.
    EnvironmentProblem : the row cannot be written; the patients must not be shown then.
    """
    strange = set(pcodes) - set(view.chosen_pcodes)
    if strange:
        raise UserError("error.patient_unknown", patient=min(strange))
    look = (str(view.data_dir), principal.user_id, view.cut.cut_id, *pcodes)
    if LOOKS.is_new(look):
        audit.record(principal, view.data_dir, VIEW, {"cut": view.cut.cut_id, "patients": list(pcodes)})
        LOOKS.told(look)
