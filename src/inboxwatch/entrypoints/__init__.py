"""Entry points: the command line, the service and the page."""
