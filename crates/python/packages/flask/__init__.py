"""A micro framework for the web: Layerlab's own small form, with the real one's interface."""
from flask.app import Flask
from flask.blueprints import Blueprint
from flask.ctx import after_this_request, copy_current_request_context, has_app_context, has_request_context
from flask.globals import current_app, g, request, session
from flask.helpers import abort, flash, get_flashed_messages, make_response, redirect, send_file, send_from_directory, url_for
from flask.json import jsonify
from flask.templating import render_template, render_template_string
from flask.wrappers import Request, Response
from markupsafe import Markup, escape

__version__ = "3.0.3"
