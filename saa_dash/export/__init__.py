"""Analysis datasets as files: frames in, files out. Knows neither cuts nor permissions."""
