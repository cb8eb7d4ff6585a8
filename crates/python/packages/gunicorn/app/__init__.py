"""Servers of WSGI applications."""
