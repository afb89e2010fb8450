"""The same verbs for scripts and for the office's server."""
