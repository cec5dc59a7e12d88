"""The commands of the command line, one module each; `saa_dash.cli` lists them and imports the one that is called."""
