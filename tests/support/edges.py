"""The numbers the rules turn on, each with its neighbours."""

from __future__ import annotations

EDGES = {
    "ANC": [0.0, 0.1, 0.19, 0.2, 0.21, 0.3, 0.49, 0.5, 0.51, 0.8, 0.99, 1.0, 1.01, 1.3, 1.49, 1.5, 1.51, 2.0, 4.0],
    "HGB": [50, 60, 70, 79, 80, 81, 90, 99, 100, 101, 110, 114, 115, 116, 120, 129, 130, 131, 145],
    "PLAT": [3, 8, 15, 19, 20, 21, 30, 49, 50, 51, 70, 99, 100, 101, 120, 149, 150, 151, 200],
    "ARC": [2, 8, 15, 19, 19.9, 20, 20.1, 21, 30, 45, 59, 59.9, 60, 60.1, 61, 70, 90, 110, 150],
}
WBC_EDGES = [0.1, 0.3, 0.49, 0.5, 0.51, 0.8, 0.99, 1.0, 1.01, 1.2, 1.49, 1.5, 1.51, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0]

# Days from a target to a panel: window edges of 3, 7 and 10 days, the fill-in of 3 days beyond them.
DAY_GAPS = [-14, -13, -11, -10, -8, -7, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 13]

# Days from a support to a value: the edges of the look-backs of 7, 14, 28 and 56 days.
SUPPORT_GAPS = [0, 1, 6, 7, 8, 13, 14, 15, 27, 28, 29, 55, 56, 57]
