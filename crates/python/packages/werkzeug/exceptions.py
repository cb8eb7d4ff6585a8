"""HTTP errors as exceptions and as pages."""
from markupsafe import escape
from werkzeug.http import HTTP_STATUS_CODES


class HTTPException(Exception):
    code = None
    description = None

    def __init__(self, description=None, response=None):
        super().__init__()
        if description is not None:
            self.description = description
        self.response = response

    @property
    def name(self):
        return HTTP_STATUS_CODES.get(self.code, "Unknown Error")

    def get_description(self, environ=None, scope=None):
        if self.description is None:
            text = ""
        else:
            text = self.description
        return "<p>" + str(escape(text)).replace("\n", "<br>") + "</p>"

    def get_body(self, environ=None, scope=None):
        name = str(escape(self.name))
        return (
            "<!doctype html>\n<html lang=en>\n<title>" + str(self.code) + " " + name + "</title>\n<h1>" + name
            + "</h1>\n" + self.get_description() + "\n"
        )

    def get_headers(self, environ=None, scope=None):
        return [("Content-Type", "text/html; charset=utf-8")]

    def get_response(self, environ=None, scope=None):
        if self.response is not None:
            return self.response
        from werkzeug.wrappers import Response
        return Response(self.get_body(), self.code, self.get_headers())

    def __str__(self):
        return "%s %s: %s" % (self.code if self.code is not None else "???", self.name, self.description)

    def __repr__(self):
        return "<%s '%s: %s'>" % (type(self).__name__, self.code if self.code is not None else "???", self.name)


class BadRequest(HTTPException):
    code = 400
    description = "The browser (or proxy) sent a request that this server could not understand."


class BadRequestKeyError(BadRequest, KeyError):
    def __init__(self, arg=None, *args):
        super().__init__(*args)
        if arg is not None:
            self.args = (arg,)


class Unauthorized(HTTPException):
    code = 401
    description = (
        "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong"
        " credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
    )


class Forbidden(HTTPException):
    code = 403
    description = (
        "You don't have the permission to access the requested resource. It is either read-protected or not readable"
        " by the server."
    )


class NotFound(HTTPException):
    code = 404
    description = (
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and"
        " try again."
    )


class MethodNotAllowed(HTTPException):
    code = 405
    description = "The method is not allowed for the requested URL."

    def __init__(self, valid_methods=None, description=None, response=None):
        super().__init__(description, response)
        self.valid_methods = valid_methods

    def get_headers(self, environ=None, scope=None):
        headers = super().get_headers()
        if self.valid_methods:
            headers.append(("Allow", ", ".join(self.valid_methods)))
        return headers


class NotAcceptable(HTTPException):
    code = 406
    description = (
        "The resource identified by the request is only capable of generating response entities which have content"
        " characteristics not acceptable according to the accept headers sent in the request."
    )


class Conflict(HTTPException):
    code = 409
    description = (
        "A conflict happened while processing the request. The resource might have been modified while the request was"
        " being processed."
    )


class Gone(HTTPException):
    code = 410
    description = (
        "The requested URL is no longer available on this server and there is no forwarding address. If you followed a"
        " link from a foreign page, please contact the author of this page."
    )


class RequestEntityTooLarge(HTTPException):
    code = 413
    description = "The data value transmitted exceeds the capacity limit."


class UnsupportedMediaType(HTTPException):
    code = 415
    description = "The server does not support the media type transmitted in the request."


class ImATeapot(HTTPException):
    code = 418
    description = "This server is a teapot, not a coffee machine"


class UnprocessableEntity(HTTPException):
    code = 422
    description = "The request was well-formed but was unable to be followed due to semantic errors."


class TooManyRequests(HTTPException):
    code = 429
    description = "This user has exceeded an allotted request count. Try again later."


class InternalServerError(HTTPException):
    code = 500
    description = (
        "The server encountered an internal error and was unable to complete your request. Either the server is"
        " overloaded or there is an error in the application."
    )

    def __init__(self, description=None, response=None, original_exception=None):
        self.original_exception = original_exception
        super().__init__(description, response)


class NotImplemented_(HTTPException):
    code = 501
    description = "The server does not support the action requested by the browser."


class BadGateway(HTTPException):
    code = 502
    description = "The proxy server received an invalid response from an upstream server."


class ServiceUnavailable(HTTPException):
    code = 503
    description = (
        "The server is temporarily unable to service your request due to maintenance downtime or capacity problems."
        " Please try again later."
    )


class GatewayTimeout(HTTPException):
    code = 504
    description = "The connection to an upstream server timed out."


default_exceptions = {}
for _c in list(globals().values()):
    if isinstance(_c, type) and issubclass(_c, HTTPException) and _c.code is not None and _c.code not in default_exceptions:
        default_exceptions[_c.code] = _c


def abort(status, *args, **kwargs):
    if not isinstance(status, int):
        raise HTTPException(response=status)
    if status not in default_exceptions:
        raise LookupError("no exception for %r" % status)
    raise default_exceptions[status](*args, **kwargs)
