"""Results become figures here; nothing is derived and nothing is loaded."""
