"""The parts of HTTP that flask stands on."""
__version__ = "3.0.3"
