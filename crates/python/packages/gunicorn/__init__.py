"""Green Unicorn: a small form of gunicorn for Layerlab's machines."""
__version__ = "25.0.0"
