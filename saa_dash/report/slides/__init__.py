"""Slides: figures as native charts, tables and words, on a template of one's own or ours."""
