"""Named signals."""


class Signal:
    def __init__(self, doc=None):
        self.receivers = []

    def connect(self, receiver, sender=None, weak=True):
        self.receivers.append(receiver)
        return receiver

    def disconnect(self, receiver, sender=None):
        self.receivers = [r for r in self.receivers if r is not receiver]

    def send(self, sender=None, **kwargs):
        return [(r, r(sender, **kwargs)) for r in self.receivers]


class Namespace(dict):
    def signal(self, name, doc=None):
        if name not in self:
            self[name] = Signal(doc)
        return self[name]


_default = Namespace()
signal = _default.signal
