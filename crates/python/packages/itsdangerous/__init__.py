"""A place holder for signed data; Layerlab's flask keeps sessions in signed form itself."""


class BadSignature(Exception):
    pass
