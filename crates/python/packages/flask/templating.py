"""Jinja templates in the application's context."""
import os

from flask.globals import _stack, current_app, g, request, session
from jinja2 import Environment, TemplateNotFound


def make_environment(app):
    def load(name):
        for folder in app._template_folders():
            try:
                with open(os.path.join(folder, name)) as f:
                    return f.read()
            except (FileNotFoundError, NotADirectoryError):
                continue
        raise TemplateNotFound(name)

    def escapes(name):
        return True if name is None else name.endswith((".html", ".htm", ".xml", ".xhtml", ".svg"))
    env = Environment(load, escapes)
    from flask.helpers import get_flashed_messages, url_for
    env.globals.update(url_for=url_for, get_flashed_messages=get_flashed_messages, config=app.config, request=request, session=session, g=g)
    return env


def _render(template, context):
    app = current_app._get_current_object()
    variables = {}
    for f in app.template_context_processors:
        variables.update(f())
    variables.update(context)
    return template.render(variables)


def render_template(name, **context):
    return _render(current_app.jinja_env.get_template(name), context)


def render_template_string(source, **context):
    return _render(current_app.jinja_env.from_string(source), context)
