# argparse: command lines of programs.
import os
import sys
import textwrap

SUPPRESS = "==SUPPRESS=="
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, REMAINDER, PARSER = "?", "*", "+", "...", "A..."


class ArgumentTypeError(Exception):
    pass


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = _name(argument) if argument is not None else None
        self.message = message

    def __str__(self):
        if self.argument_name is None:
            return str(self.message)
        return "argument %s: %s" % (self.argument_name, self.message)


def _name(action):
    if action.option_strings:
        return "/".join(action.option_strings)
    if action.metavar not in (None, SUPPRESS):
        return action.metavar
    if action.dest not in (None, SUPPRESS):
        return action.dest
    return "{" + ",".join(action.choices) + "}" if action.choices else None


class Namespace:
    def __init__(self, **kwargs):
        for k, v in kwargs.items():
            setattr(self, k, v)

    def __repr__(self):
        return "Namespace(" + ", ".join(["%s=%r" % kv for kv in self.__dict__.items()]) + ")"

    def __eq__(self, other):
        return isinstance(other, Namespace) and self.__dict__ == other.__dict__

    def __contains__(self, key):
        return key in self.__dict__


class HelpFormatter:
    raw_text = raw_help = defaults = meta_type = False


class RawDescriptionHelpFormatter(HelpFormatter):
    raw_text = True


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    raw_help = True


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    defaults = True


class MetavarTypeHelpFormatter(HelpFormatter):
    meta_type = True


class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False,
                 help=None, metavar=None):
        self.option_strings, self.dest, self.nargs, self.const = option_strings, dest, nargs, const
        self.default, self.type, self.choices, self.required = default, type, choices, required
        self.help, self.metavar = help, metavar

    def __call__(self, parser, namespace, values, option_string=None):
        raise NotImplementedError(".__call__() not defined")


class _Store(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class _Const(Action):
    def __init__(self, option_strings, dest, const=None, default=None, required=False, help=None, metavar=None):
        super().__init__(option_strings, dest, 0, const, default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, self.const)


class _True(_Const):
    def __init__(self, option_strings, dest, default=False, required=False, help=None):
        super().__init__(option_strings, dest, True, default, required, help)


class _False(_Const):
    def __init__(self, option_strings, dest, default=True, required=False, help=None):
        super().__init__(option_strings, dest, False, default, required, help)


class _Append(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + [values])


class _Extend(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + list(values))


class _AppendConst(_Const):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + [self.const])


class _Count(Action):
    def __init__(self, option_strings, dest, default=None, required=False, help=None):
        super().__init__(option_strings, dest, 0, None, default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, (getattr(namespace, self.dest, None) or 0) + 1)


class _Help(Action):
    def __init__(self, option_strings, dest=SUPPRESS, default=SUPPRESS, help=None):
        super().__init__(option_strings, dest, 0, default=default, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        parser.print_help()
        parser.exit()


class _Version(Action):
    def __init__(self, option_strings, version=None, dest=SUPPRESS, default=SUPPRESS, help="show program's version number and exit"):
        super().__init__(option_strings, dest, 0, default=default, help=help)
        self.version = version

    def __call__(self, parser, namespace, values, option_string=None):
        print(self.version % {"prog": parser.prog} if "%(" in self.version else self.version)
        parser.exit()


class BooleanOptionalAction(Action):
    def __init__(self, option_strings, dest, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        both = []
        for o in option_strings:
            both.append(o)
            if o.startswith("--"):
                both.append("--no-" + o[2:])
        super().__init__(both, dest, 0, None, default, type, choices, required, help, metavar)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, not option_string.startswith("--no-"))


class _SubParsers(Action):
    def __init__(self, option_strings, prog, parser_class, dest=SUPPRESS, required=False, help=None, metavar=None):
        self._prog, self._class, self._map, self._shown = prog, parser_class, {}, []
        super().__init__(option_strings, dest, PARSER, choices=self._map, required=required, help=help, metavar=metavar)

    def add_parser(self, name, *, help=None, aliases=(), **kwargs):
        kwargs.setdefault("prog", "%s %s" % (self._prog, name))
        if help is not None:
            label = name + (" (%s)" % ", ".join(aliases) if aliases else "")
            self._shown.append(Action([], name, help=help, metavar=label))
        parser = self._map[name] = self._class(**kwargs)
        for a in aliases:
            self._map[a] = parser
        return parser

    def __call__(self, parser, namespace, values, option_string=None):
        name, rest = values[0], values[1:]
        if self.dest is not SUPPRESS:
            setattr(namespace, self.dest, name)
        if name not in self._map:
            raise ArgumentError(self, "unknown parser %r (choices: %s)" % (name, ", ".join(self._map)))
        inner, extra = self._map[name].parse_known_args(rest)
        for k, v in inner.__dict__.items():
            setattr(namespace, k, v)
        if extra:
            namespace.__dict__.setdefault("_unrecognized_args", []).extend(extra)


_ACTIONS = {None: _Store, "store": _Store, "store_const": _Const, "store_true": _True, "store_false": _False, "append": _Append,
            "append_const": _AppendConst, "count": _Count, "help": _Help, "version": _Version, "extend": _Extend}


class _Group:
    def __init__(self, container, title=None, description=None, exclusive=False, required=False):
        self._container, self.title, self.description = container, title, description
        self.exclusive, self.required, self._group_actions = exclusive, required, []

    def add_argument(self, *args, **kwargs):
        a = self._container.add_argument(*args, **kwargs)
        self._group_actions.append(a)
        if not self.exclusive:
            self._container._grouped.append(a)
        return a

    def add_mutually_exclusive_group(self, required=False):
        return self._container.add_mutually_exclusive_group(required=required)


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter,
                 prefix_chars="-", fromfile_prefix_chars=None, argument_default=None, conflict_handler="error", add_help=True,
                 allow_abbrev=True, exit_on_error=True):
        self.prog = os.path.basename(sys.argv[0]) if prog is None else prog
        self.usage, self.description, self.epilog = usage, description, epilog
        self.formatter_class, self.prefix_chars, self.argument_default = formatter_class, prefix_chars, argument_default
        self.allow_abbrev, self.exit_on_error = allow_abbrev, exit_on_error
        self._actions, self._options, self._groups, self._exclusive, self._grouped = [], {}, [], [], []
        self._defaults, self._sub = {}, None
        if add_help:
            self.add_argument("-h", "--help", action="help", default=SUPPRESS, help="show this help message and exit")
        for p in parents:
            for a in p._actions:
                if not isinstance(a, _Help):
                    self._add(a)
            self._defaults.update(p._defaults)

    def _add(self, a):
        for o in a.option_strings:
            if o in self._options:
                raise ArgumentError(a, "conflicting option string: " + o)
        self._actions.append(a)
        for o in a.option_strings:
            self._options[o] = a
        return a

    def add_argument(self, *args, **kwargs):
        action = kwargs.pop("action", None)
        if action not in _ACTIONS and isinstance(action, str):
            raise ValueError('unknown action "%s"' % action)
        make = _ACTIONS[action] if action is None or isinstance(action, str) else action
        if not args or len(args) == 1 and args[0][0] not in self.prefix_chars:
            if args and "dest" in kwargs:
                raise ValueError("dest supplied twice for positional argument")
            dest = kwargs.pop("dest", args[0] if args else None)
            options = []
            if "required" in kwargs:
                raise TypeError("'required' is an invalid argument for positionals")
            nargs = kwargs.get("nargs")
            if make in (_Store, _Append, _Extend) or not isinstance(action, (str, type(None))):
                kwargs["required"] = nargs not in (OPTIONAL, ZERO_OR_MORE) or nargs == ZERO_OR_MORE and "default" not in kwargs
        else:
            options = list(args)
            dest = kwargs.pop("dest", None)
            if dest is None:
                long = [o for o in options if len(o) > 1 and o[1] in self.prefix_chars]
                dest = (long or options)[0].lstrip(self.prefix_chars).replace("-", "_")
        if "default" not in kwargs:
            if dest in self._defaults:
                kwargs["default"] = self._defaults[dest]
            elif self.argument_default is not None:
                kwargs["default"] = self.argument_default
        a = make(option_strings=options, dest=dest, **kwargs)
        if a.type is not None and not callable(a.type):
            raise ValueError("%r is not callable" % (a.type,))
        return self._add(a)

    def add_argument_group(self, title=None, description=None):
        g = _Group(self, title, description)
        self._groups.append(g)
        return g

    def add_mutually_exclusive_group(self, required=False):
        g = _Group(self, exclusive=True, required=required)
        self._exclusive.append(g)
        return g

    def add_subparsers(self, title=None, description=None, prog=None, parser_class=None, dest=SUPPRESS, required=False, help=None,
                       metavar=None):
        if self._sub is not None:
            raise ArgumentError(None, "cannot have multiple subparser arguments")
        if prog is None:
            before = [self._part(a) for a in self._actions if not a.option_strings]
            prog = " ".join([self.prog] + before)
        self._sub = self._add(_SubParsers([], prog, parser_class or type(self), dest, required, help, metavar))
        if title or description:
            g = self.add_argument_group(title or "subcommands", description)
            g._group_actions.append(self._sub)
            self._grouped.append(self._sub)
        return self._sub

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)
        for a in self._actions:
            if a.dest in kwargs:
                a.default = kwargs[a.dest]

    def get_default(self, dest):
        for a in self._actions:
            if a.dest == dest and a.default is not None:
                return a.default
        return self._defaults.get(dest)

    # ---- reading

    def parse_args(self, args=None, namespace=None):
        args, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error("unrecognized arguments: " + " ".join(rest))
        return args

    def parse_known_args(self, args=None, namespace=None):
        args = list(sys.argv[1:] if args is None else args)
        namespace = Namespace() if namespace is None else namespace
        for a in self._actions:
            if a.dest is not SUPPRESS and a.default is not SUPPRESS and not hasattr(namespace, a.dest):
                setattr(namespace, a.dest, a.default)
        for k, v in self._defaults.items():
            if not hasattr(namespace, k):
                setattr(namespace, k, v)
        try:
            rest = self._parse(args, namespace)
        except ArgumentError as e:
            if not self.exit_on_error:
                raise
            self.error(str(e))
        return namespace, rest + namespace.__dict__.pop("_unrecognized_args", [])

    def _is_negative(self, arg):
        try:
            float(arg)
        except ValueError:
            return False
        return not any(o[1:2].isdigit() for o in self._options)

    def _is_option(self, arg):
        if len(arg) < 2 or arg[0] not in self.prefix_chars:
            return False
        if arg in self._options:
            return True
        return not self._is_negative(arg) and " " not in arg.partition("=")[0]

    def _find(self, arg):
        """The action, how it is called, and the value that is joined to it."""
        if arg in self._options:
            return self._options[arg], arg, None
        name, equal, value = arg.partition("=")
        if equal and name in self._options:
            return self._options[name], name, value
        if arg.startswith("--"):
            fits = [o for o in self._options if o.startswith(name)] if self.allow_abbrev else []
            if len(fits) > 1:
                raise ArgumentError(None, "ambiguous option: %s could match %s" % (arg, ", ".join(fits)))
            return (self._options[fits[0]], fits[0], value if equal else None) if fits else (None, arg, None)
        short = arg[:2]
        if short in self._options:
            return self._options[short], short, arg[2:]
        return None, arg, None

    def _parse(self, args, namespace):
        seen, rest, waiting = set(), [], [a for a in self._actions if not a.option_strings]
        self._conflicts = {}
        pending, i, only = [], 0, False
        # Positional arguments are taken in stretches between options.
        while True:
            stretch = []
            while i < len(args) and (only or args[i] == "--" or not self._is_option(args[i])):
                if args[i] == "--" and not only:
                    only = True
                else:
                    stretch.append(args[i])
                i += 1
                if waiting and isinstance(waiting[0], _SubParsers) and stretch or waiting and waiting[0].nargs == REMAINDER and stretch:
                    if len(waiting) == 1 or isinstance(waiting[0], _SubParsers):
                        stretch += args[i:]
                        i = len(args)
            last = i >= len(args)
            stretch, waiting = self._take(stretch, waiting, namespace, seen, last)
            rest += stretch
            if last:
                break
            arg = args[i]
            i += 1
            action, called, joined = self._find(arg)
            if action is None:
                rest.append(arg)
                continue
            i = self._option(action, called, joined, args, i, namespace, seen)
        missing = [_name(a) for a in self._actions if a.required and a not in seen]
        if missing:
            self.error("the following arguments are required: " + ", ".join(missing))
        for g in self._exclusive:
            if g.required and not any(a in seen for a in g._group_actions):
                names = [_name(a) for a in g._group_actions if a.help is not SUPPRESS]
                self.error("one of the arguments %s is required" % " ".join(names))
        for a in self._actions:
            v = getattr(namespace, a.dest, None) if a.dest is not SUPPRESS else None
            if a not in seen and isinstance(v, str) and v is a.default:
                setattr(namespace, a.dest, self._value(a, v))
        return rest

    def _option(self, action, called, joined, args, i, namespace, seen):
        n = action.nargs
        if n == 0:
            # Short flags may be written together.
            while joined is not None and len(called) == 2 and joined:
                self._act(action, [], namespace, called, seen)
                called = called[0] + joined[0]
                if called not in self._options:
                    raise ArgumentError(action, "ignored explicit argument %r" % joined)
                action, joined = self._options[called], joined[1:] or None
                if action.nargs != 0:
                    return self._option(action, called, joined, args, i, namespace, seen)
            if joined:
                raise ArgumentError(action, "ignored explicit argument %r" % joined)
            self._act(action, [], namespace, called, seen)
            return i
        if joined is not None:
            if isinstance(n, int) and n != 1:
                raise ArgumentError(action, "expected %d arguments" % n)
            self._act(action, [joined], namespace, called, seen)
            return i
        values = []
        most = 1 if n in (None, OPTIONAL) else n if isinstance(n, int) else len(args)
        while i < len(args) and len(values) < most and (n == REMAINDER or args[i] != "--" and not self._is_option(args[i])):
            values.append(args[i])
            i += 1
        if n is None and not values:
            raise ArgumentError(action, "expected one argument")
        if n == ONE_OR_MORE and not values:
            raise ArgumentError(action, "expected at least one argument")
        if isinstance(n, int) and len(values) < n:
            raise ArgumentError(action, "expected %d argument%s" % (n, "" if n == 1 else "s"))
        self._act(action, values, namespace, called, seen)
        return i

    def _take(self, stretch, waiting, namespace, seen, last):
        """Gives a stretch of arguments to the positionals that wait."""
        waiting = list(waiting)
        while waiting:
            a = waiting[0]
            n = a.nargs
            least = [1 if x.nargs in (None, ONE_OR_MORE, PARSER) else x.nargs if isinstance(x.nargs, int) else 0 for x in waiting[1:]]
            free = len(stretch) - sum(least)
            if n is None or isinstance(n, int):
                want = 1 if n is None else n
                if len(stretch) < want:
                    break
                take = want
            elif n == OPTIONAL:
                if not stretch and not last:
                    break
                take = 1 if free >= 1 else 0
            elif n in (ZERO_OR_MORE, REMAINDER):
                if not stretch and not last:
                    break
                take = max(free, 0)
            else:
                if not stretch:
                    break
                take = max(free, 1)
            waiting.pop(0)
            if take or n in (OPTIONAL, ZERO_OR_MORE, REMAINDER):
                self._act(a, stretch[:take], namespace, None, seen)
            stretch = stretch[take:]
        return stretch, waiting

    def _act(self, action, strings, namespace, called, seen):
        n = action.nargs
        if n == OPTIONAL and not strings:
            value = action.const if action.option_strings else action.default
            if isinstance(value, str):
                value = self._value(action, value)
        elif n == ZERO_OR_MORE and not strings and not action.option_strings:
            value = action.default if action.default is not None else []
            if action.default is None:
                seen.add(action)
        elif n in (None, OPTIONAL) and strings:
            value = self._checked(action, strings[0])
        elif n == PARSER:
            if strings[0] not in action.choices:
                self._checked(action, strings[0])
            value = strings
        elif n == REMAINDER:
            value = [self._value(action, s) for s in strings]
        else:
            value = [self._checked(action, s) for s in strings]
        given = bool(strings) or called is not None
        if given or n not in (OPTIONAL, ZERO_OR_MORE):
            seen.add(action)
        if given:
            for g in self._exclusive:
                if action in g._group_actions:
                    for other in g._group_actions:
                        if other is not action and other in seen:
                            raise ArgumentError(action, "not allowed with argument " + _name(other))
        if not given and n in (OPTIONAL, ZERO_OR_MORE):
            seen.add(action)
        if value is not SUPPRESS:
            action(self, namespace, value, called)

    def _value(self, action, text):
        if action.type is None:
            return text
        kind = action.type
        try:
            return kind(text)
        except ArgumentTypeError as e:
            raise ArgumentError(action, str(e))
        except (TypeError, ValueError):
            raise ArgumentError(action, "invalid %s value: %r" % (getattr(kind, "__name__", repr(kind)), text))

    def _checked(self, action, text):
        value = self._value(action, text)
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(action, "invalid choice: %r (choose from %s)" % (value, ", ".join([repr(c) for c in action.choices])))
        return value

    # ---- showing

    def _meta(self, a, n=1):
        if a.metavar is not None:
            m = a.metavar
        elif a.choices is not None:
            m = "{" + ",".join([str(c) for c in a.choices]) + "}"
        elif self.formatter_class.meta_type and a.type is not None:
            m = a.type.__name__
        else:
            m = a.dest.upper() if a.option_strings else a.dest
        return m if isinstance(m, tuple) else (m,) * n

    def _values_text(self, a):
        n = a.nargs
        if n is None:
            return self._meta(a)[0]
        if n == OPTIONAL:
            return "[%s]" % self._meta(a)[0]
        if n == ZERO_OR_MORE:
            return "[%s ...]" % self._meta(a)[0]
        if n == ONE_OR_MORE:
            m = self._meta(a, 2)
            return "%s [%s ...]" % (m[0], m[1])
        if n == REMAINDER:
            return "..."
        if n == PARSER:
            return "%s ..." % self._meta(a)[0]
        return " ".join(self._meta(a, n))

    def _part(self, a, bare=False):
        if not a.option_strings:
            return self._values_text(a)
        text = " | ".join(a.option_strings) if isinstance(a, BooleanOptionalAction) else a.option_strings[0]
        if a.nargs != 0:
            text += " " + self._values_text(a)
        return text if a.required or bare else "[%s]" % text

    def _parts(self, actions):
        out, done = [], set()
        for a in actions:
            if a in done or a.help is SUPPRESS:
                continue
            group = next((g for g in self._exclusive if a in g._group_actions and len(g._group_actions) > 1), None)
            if group is None:
                out.append(self._part(a))
                continue
            done.update(group._group_actions)
            text = " | ".join([self._part(x, True) for x in group._group_actions if x.help is not SUPPRESS])
            out.append("(%s)" % text if group.required else "[%s]" % text)
        return out

    def format_usage(self):
        if self.usage is not None:
            return "usage: %s\n" % (self.usage % {"prog": self.prog} if "%(" in self.usage else self.usage)
        options = self._parts([a for a in self._actions if a.option_strings])
        positionals = self._parts([a for a in self._actions if not a.option_strings])
        width = int(os.environ.get("COLUMNS", 80)) - 2
        line = " ".join([self.prog] + options + positionals)
        if len("usage: " + line) <= width:
            return "usage: %s\n" % line

        def lines(parts, indent, first=None):
            out, now = [], first
            for p in parts:
                if now is not None and len(now) + 1 + len(p) > width:
                    out.append(now)
                    now = None
                now = indent + p if now is None else now + " " + p
            if now is not None:
                out.append(now)
            return out

        if len("usage: ") + len(self.prog) <= 0.75 * width:
            indent = " " * (len("usage: ") + len(self.prog) + 1)
            if options:
                out = lines(options, indent, "usage: " + self.prog) + lines(positionals, indent)
            else:
                out = lines(positionals, indent, "usage: " + self.prog)
        else:
            indent = " " * len("usage: ")
            out = ["usage: " + self.prog] + lines(options, indent) + lines(positionals, indent)
        return "\n".join(out) + "\n"

    def _invocation(self, a):
        if not a.option_strings:
            return self._meta(a)[0]
        if a.nargs == 0:
            return ", ".join(a.option_strings)
        text = self._values_text(a)
        return ", ".join(["%s %s" % (o, text) for o in a.option_strings])

    def _expand(self, a):
        text = a.help
        if self.formatter_class.defaults and "%(default)" not in text and a.default is not SUPPRESS:
            if a.option_strings or a.nargs in (OPTIONAL, ZERO_OR_MORE):
                text += " (default: %(default)s)"
        values = {k: v for k, v in a.__dict__.items() if v is not SUPPRESS}
        values["prog"] = self.prog
        if a.choices is not None:
            values["choices"] = ", ".join([str(c) for c in a.choices])
        if callable(values.get("type")):
            values["type"] = getattr(a.type, "__name__", str(a.type))
        return text % values

    def _filled(self, text, width, indent=""):
        if self.formatter_class.raw_text:
            return "\n".join([indent + line for line in text.splitlines()]) + "\n\n"
        return textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent) + "\n\n"

    def _section(self, title, description, actions, column, width):
        rows = []
        for a in actions:
            if a.help is SUPPRESS:
                continue
            if isinstance(a, _SubParsers):
                rows.append((2, a))
                rows += [(4, s) for s in a._shown]
            else:
                rows.append((2, a))
        if not rows and not description:
            return ""
        out = title + ":\n" if title else ""
        if description:
            out += self._filled(description % {"prog": self.prog} if "%(" in description else description, width - 2, "  ")
        for indent, a in rows:
            name = " " * indent + self._invocation(a)
            if not a.help:
                out += name + "\n"
                continue
            text = self._expand(a)
            if self.formatter_class.raw_help:
                lines = text.splitlines()
            else:
                lines = textwrap.wrap(" ".join(text.split()), max(width - column, 11))
            if len(name) <= column - 2:
                out += name.ljust(column) + (lines[0] if lines else "") + "\n"
                lines = lines[1:]
            else:
                out += name + "\n"
            out += "".join([" " * column + line + "\n" for line in lines])
        return out + "\n"

    def format_help(self):
        width = int(os.environ.get("COLUMNS", 80)) - 2
        names = []
        for a in self._actions:
            if a.help is not SUPPRESS:
                names.append(len(self._invocation(a)) + 2)
                if isinstance(a, _SubParsers):
                    names += [len(self._invocation(s)) + 4 for s in a._shown]
        column = min(max(names or [0]) + 2, 24)
        out = self.format_usage() + "\n"
        if self.description:
            out += self._filled(self.description % {"prog": self.prog} if "%(" in self.description else self.description, width)
        plain = [a for a in self._actions if a not in self._grouped]
        out += self._section("positional arguments", None, [a for a in plain if not a.option_strings], column, width)
        out += self._section("options", None, [a for a in plain if a.option_strings], column, width)
        for g in self._groups:
            out += self._section(g.title, g.description, g._group_actions, column, width)
        if self.epilog:
            out += self._filled(self.epilog % {"prog": self.prog} if "%(" in self.epilog else self.epilog, width)
        return out.rstrip("\n") + "\n"

    def print_usage(self, file=None):
        (file or sys.stdout).write(self.format_usage())

    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())

    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, "%s: error: %s\n" % (self.prog, message))


class FileType:
    def __init__(self, mode="r", bufsize=-1, encoding=None, errors=None):
        self._mode, self._encoding, self._errors = mode, encoding, errors

    def __call__(self, string):
        if string == "-":
            return sys.stdin if "r" in self._mode else sys.stdout
        try:
            return open(string, self._mode, encoding=self._encoding, errors=self._errors)
        except OSError as e:
            raise ArgumentTypeError("can't open '%s': %s" % (string, e))
