"""HTTP for people: a small form of requests for Layerlab's machines."""
from requests import exceptions
from requests.exceptions import (ConnectionError, ConnectTimeout, HTTPError, JSONDecodeError, ReadTimeout, RequestException,
                                 Timeout, TooManyRedirects)
from requests.models import Response
from requests.sessions import Session, session

__version__ = "2.34.2"


def request(method, url, **kwargs):
    with Session() as s:
        return s.request(method, url, **kwargs)


def get(url, params=None, **kwargs):
    return request("GET", url, params=params, **kwargs)


def options(url, **kwargs):
    return request("OPTIONS", url, **kwargs)


def head(url, **kwargs):
    kwargs.setdefault("allow_redirects", False)
    return request("HEAD", url, **kwargs)


def post(url, data=None, json=None, **kwargs):
    return request("POST", url, data=data, json=json, **kwargs)


def put(url, data=None, **kwargs):
    return request("PUT", url, data=data, **kwargs)


def patch(url, data=None, **kwargs):
    return request("PATCH", url, data=data, **kwargs)


def delete(url, **kwargs):
    return request("DELETE", url, **kwargs)


class _Codes:
    ok = OK = 200
    created, accepted, no_content = 201, 202, 204
    moved_permanently, found, not_modified = 301, 302, 304
    bad_request, unauthorized, forbidden, not_found, teapot, too_many_requests = 400, 401, 403, 404, 418, 429
    internal_server_error, server_error, bad_gateway, unavailable, service_unavailable = 500, 500, 502, 503, 503


codes = _Codes()
