# http.client: one request over a socket.
from urllib.error import URLError
from urllib.request import Headers as HTTPMessage
from urllib.request import HTTPResponse, Request, _exchange

HTTP_PORT = 80


class HTTPException(Exception):
    pass


class HTTPConnection:
    def __init__(self, host, port=None, timeout=None, source_address=None, blocksize=8192):
        name, _, given = host.partition(":")
        self.host, self.port, self.timeout = name, port or int(given or HTTP_PORT), timeout
        self._answer = None

    def request(self, method, url, body=None, headers={}):
        if isinstance(body, str):
            body = body.encode()
        netloc = self.host if self.port == 80 else "%s:%d" % (self.host, self.port)
        try:
            self._answer = _exchange(Request("", body, headers, method=method), "http://" + netloc + url, self.timeout)
        except URLError as e:
            raise e.reason if isinstance(e.reason, Exception) else HTTPException(e.reason)

    def getresponse(self):
        if self._answer is None:
            raise HTTPException("Request-sent")
        answer, self._answer = self._answer, None
        return answer

    def close(self):
        self._answer = None
