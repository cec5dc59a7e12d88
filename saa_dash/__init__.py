"""SAA Dash: one small haematology trial, seen patient by patient."""

__version__ = "0.1.0"
