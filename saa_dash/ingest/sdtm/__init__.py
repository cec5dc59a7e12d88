"""SDTM packages in: SAS transport version 5 and Dataset-JSON 1.1 → tables of a cut."""
