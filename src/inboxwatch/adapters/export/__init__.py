"""Exports: the list of unanswered emails as CSV, XLSX, JSON and a report page."""
