"""Text that is safe in HTML, and escaping of text that is not."""


def escape(s):
    if hasattr(s, "__html__"):
        return Markup(s.__html__())
    s = str(s).replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
    return Markup(s.replace("'", "&#39;").replace('"', "&#34;"))


class Markup(str):
    def __html__(self):
        return self

    def __add__(self, other):
        if isinstance(other, str) or hasattr(other, "__html__"):
            return Markup(str.__str__(self) + str.__str__(escape(other)))
        return NotImplemented

    def __mod__(self, arg):
        if isinstance(arg, tuple):
            arg = tuple([escape(a) if isinstance(a, str) else a for a in arg])
        elif isinstance(arg, str):
            arg = escape(arg)
        return Markup(str.__str__(self) % arg)

    def format(self, *args, **kwargs):
        args = [escape(a) if isinstance(a, str) else a for a in args]
        kwargs = {k: escape(v) if isinstance(v, str) else v for k, v in kwargs.items()}
        return Markup(str.__str__(self).format(*args, **kwargs))

    def join(self, items):
        return Markup(str.__str__(self).join([str.__str__(escape(i)) for i in items]))

    def __repr__(self):
        return "Markup(" + repr(str.__str__(self)) + ")"

    @classmethod
    def escape(cls, s):
        return escape(s)
