"""Adapters: mail servers, mail files, stores, notifiers and exports behind the ports."""
