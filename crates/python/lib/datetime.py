# datetime
import time as _time

MINYEAR, MAXYEAR = 1, 9999


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        us = round((days + weeks * 7) * 86400000000 + (seconds + minutes * 60 + hours * 3600) * 1000000 + milliseconds * 1000 + microseconds)
        self._us = us
        self.days, rest = divmod(us, 86400000000)
        self.seconds, self.microseconds = divmod(rest, 1000000)

    def total_seconds(self):
        return self._us / 1000000

    def __add__(self, o):
        return timedelta(microseconds=self._us + o._us) if isinstance(o, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, o):
        return timedelta(microseconds=self._us - o._us) if isinstance(o, timedelta) else NotImplemented

    def __neg__(self):
        return timedelta(microseconds=-self._us)

    def __abs__(self):
        return timedelta(microseconds=abs(self._us))

    def __mul__(self, n):
        return timedelta(microseconds=round(self._us * n))

    __rmul__ = __mul__

    def __truediv__(self, o):
        return self._us / o._us if isinstance(o, timedelta) else timedelta(microseconds=round(self._us / o))

    def __floordiv__(self, o):
        return self._us // o._us if isinstance(o, timedelta) else timedelta(microseconds=self._us // o)

    def __mod__(self, o):
        return timedelta(microseconds=self._us % o._us)

    def __eq__(self, o):
        return isinstance(o, timedelta) and self._us == o._us

    def __lt__(self, o):
        return self._us < o._us

    def __le__(self, o):
        return self._us <= o._us

    def __gt__(self, o):
        return self._us > o._us

    def __ge__(self, o):
        return self._us >= o._us

    def __bool__(self):
        return self._us != 0

    def __hash__(self):
        return hash(self._us)

    def __str__(self):
        s = "%d:%02d:%02d" % (self.seconds // 3600, self.seconds // 60 % 60, self.seconds % 60)
        if self.days:
            s = "%d day%s, " % (self.days, "" if abs(self.days) == 1 else "s") + s
        return s + (".%06d" % self.microseconds if self.microseconds else "")

    def __repr__(self):
        parts = ["%s=%d" % (n, v) for n, v in (("days", self.days), ("seconds", self.seconds), ("microseconds", self.microseconds)) if v]
        return "datetime.timedelta(" + (", ".join(parts) or "0") + ")"


timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    def utcoffset(self, dt):
        raise NotImplementedError("tzinfo subclass must override utcoffset()")

    def tzname(self, dt):
        raise NotImplementedError("tzinfo subclass must override tzname()")

    def dst(self, dt):
        raise NotImplementedError("tzinfo subclass must override dst()")

    def fromutc(self, dt):
        off, dst = dt.utcoffset(), dt.dst()
        delta = off - (dst or timedelta(0))
        if delta:
            dt = dt + delta
            dst = dt.dst()
        return dt + (dst or timedelta(0))


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        self._offset = offset
        self._name = name

    def utcoffset(self, dt=None):
        return self._offset

    def tzname(self, dt=None):
        if self._name is not None:
            return self._name
        return "UTC" if not self._offset else "UTC" + _offset_text(self._offset)

    def dst(self, dt=None):
        return None

    def fromutc(self, dt):
        return dt + self._offset

    def __eq__(self, o):
        return isinstance(o, timezone) and self._offset == o._offset

    def __hash__(self):
        return hash(self._offset)

    def __str__(self):
        return self.tzname()

    def __repr__(self):
        return "datetime.timezone.utc" if self is timezone.utc else "datetime.timezone(%r)" % self._offset


timezone.utc = timezone(timedelta(0))
UTC = timezone.utc


def _offset_text(d, colon=":"):
    s = int(d.total_seconds())
    sign = "-" if s < 0 else "+"
    s = abs(s)
    return "%s%02d%s%02d" % (sign, s // 3600, colon, s // 60 % 60)


def _check(y, m, d):
    if not MINYEAR <= y <= MAXYEAR:
        raise ValueError("year %d is out of range" % y)
    if not 1 <= m <= 12:
        raise ValueError("month must be in 1..12")
    n = _time._days(y + m // 12, m % 12 + 1, 1) - _time._days(y, m, 1)
    if not 1 <= d <= n:
        raise ValueError("day is out of range for month")


class date:
    def __init__(self, year, month, day):
        _check(year, month, day)
        self.year, self.month, self.day = year, month, day

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromtimestamp(cls, t):
        return cls(*_time.localtime(t)[:3])

    @classmethod
    def fromordinal(cls, n):
        return cls(*_time._civil(n - 719163))

    @classmethod
    def fromisoformat(cls, s):
        if len(s) != 10 or s[4] != "-" or s[7] != "-":
            raise ValueError("Invalid isoformat string: %r" % s)
        return cls(int(s[:4]), int(s[5:7]), int(s[8:10]))

    def toordinal(self):
        return _time._days(self.year, self.month, self.day) + 719163

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def isoformat(self):
        return "%04d-%02d-%02d" % (self.year, self.month, self.day)

    def isocalendar(self):
        t = self.timetuple()
        return (int(_time.strftime("%Y", t)), int(_time.strftime("%V", t)), self.isoweekday())

    def timetuple(self):
        return _time.gmtime((self.toordinal() - 719163) * 86400)

    def strftime(self, fmt):
        return _time._strftime(fmt, self.timetuple(), 0)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def replace(self, year=None, month=None, day=None):
        return type(self)(year or self.year, month or self.month, day or self.day)

    def _key(self):
        return (self.year, self.month, self.day)

    def _same(self, o):
        return isinstance(o, date) and isinstance(self, datetime) == isinstance(o, datetime)

    def __eq__(self, o):
        return self._key() == o._key() if self._same(o) else NotImplemented

    def _incomparable(self, o):
        if isinstance(o, date):
            names = ["datetime.datetime" if isinstance(x, datetime) else "datetime.date" for x in (self, o)]
            raise TypeError("can't compare %s to %s" % tuple(names))
        return NotImplemented

    def __lt__(self, o):
        return self._key() < o._key() if self._same(o) else self._incomparable(o)

    def __le__(self, o):
        return self._key() <= o._key() if self._same(o) else self._incomparable(o)

    def __gt__(self, o):
        return self._key() > o._key() if self._same(o) else self._incomparable(o)

    def __ge__(self, o):
        return self._key() >= o._key() if self._same(o) else self._incomparable(o)

    def __hash__(self):
        return hash(self._key())

    def __add__(self, d):
        return type(self).fromordinal(self.toordinal() + d.days) if isinstance(d, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, o):
        if isinstance(o, timedelta):
            return type(self).fromordinal(self.toordinal() - o.days)
        if isinstance(o, date):
            return timedelta(self.toordinal() - o.toordinal())
        return NotImplemented

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return "datetime.date(%d, %d, %d)" % self._key()


class time:
    def __init__(self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        self.hour, self.minute, self.second, self.microsecond, self.tzinfo = hour, minute, second, microsecond, tzinfo

    def isoformat(self, timespec="auto"):
        s = "%02d:%02d:%02d" % (self.hour, self.minute, self.second)
        return s + (".%06d" % self.microsecond if self.microsecond else "")

    def strftime(self, fmt):
        return _time._strftime(fmt, (1900, 1, 1, self.hour, self.minute, self.second, 0, 1, -1), self.microsecond)

    __str__ = isoformat

    def _key(self):
        return (self.hour, self.minute, self.second, self.microsecond)

    def __eq__(self, o):
        return isinstance(o, time) and self._key() == o._key()

    def __lt__(self, o):
        return self._key() < o._key()

    def __repr__(self):
        return "datetime.time(%d, %d%s)" % (self.hour, self.minute, ", %d" % self.second if self.second else "")


class datetime(date):
    def __init__(self, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        _check(year, month, day)
        if not 0 <= hour <= 23:
            raise ValueError("hour must be in 0..23")
        if not 0 <= minute <= 59:
            raise ValueError("minute must be in 0..59")
        if not 0 <= second <= 59:
            raise ValueError("second must be in 0..59")
        self.year, self.month, self.day = year, month, day
        self.hour, self.minute, self.second, self.microsecond, self.tzinfo = hour, minute, second, microsecond, tzinfo
        self.fold = fold

    @classmethod
    def _from_us(cls, us, tz=None):
        s, us = divmod(us, 1000000)
        t = _time.gmtime(s)
        return cls(t[0], t[1], t[2], t[3], t[4], t[5], us, tz)

    @classmethod
    def now(cls, tz=None):
        return cls._at(_time.time_ns() // 1000, tz)

    # Microseconds since 1970 on a zone's clock, or the machine's.
    @classmethod
    def _at(cls, us, tz=None):
        if tz is not None:
            return tz.fromutc(cls._from_us(us, tz))
        return cls._from_us(us + _time._zone.at(us // 1000000)[0] * 1000000)

    @classmethod
    def utcnow(cls):
        return cls._from_us(_time.time_ns() // 1000)

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def fromtimestamp(cls, t, tz=None):
        return cls._at(round(t * 1000000), tz)

    @classmethod
    def utcfromtimestamp(cls, t):
        return cls._from_us(round(t * 1000000))

    @classmethod
    def combine(cls, d, t):
        return cls(d.year, d.month, d.day, t.hour, t.minute, t.second, t.microsecond, t.tzinfo)

    @classmethod
    def strptime(cls, text, fmt):
        t, us, z = _time._strptime(text, fmt)
        return cls(*t[:6], us, None if z is None else (timezone.utc if z == 0 else timezone(timedelta(seconds=z))))

    @classmethod
    def fromisoformat(cls, s):
        d = date.fromisoformat(s[:10])
        rest = s[11:]
        tz = None
        if rest.endswith("Z"):
            tz, rest = timezone.utc, rest[:-1]
        for sign in "+-":
            if sign in rest:
                rest, _, off = rest.partition(sign)
                h, _, m = off.partition(":")
                n = (int(h) * 3600 + int(m or 0) * 60) * (1 if sign == "+" else -1)
                tz = timezone.utc if n == 0 else timezone(timedelta(seconds=n))
        clock, _, us = rest.partition(".")
        parts = [int(p) for p in clock.split(":")] if clock else []
        return cls(d.year, d.month, d.day, *(parts + [0] * (3 - len(parts))), int((us + "000000")[:6]) if us else 0, tz)

    def _us(self):
        days = _time._days(self.year, self.month, self.day)
        return (days * 86400 + self.hour * 3600 + self.minute * 60 + self.second) * 1000000 + self.microsecond

    def _utc_us(self):
        return self._us() - (self.tzinfo.utcoffset(self)._us if self.tzinfo is not None else 0)

    def timestamp(self):
        if self.tzinfo is None:
            us = self._us()
            return (us - _time._zone.wall(us // 1000000, self.fold)[0] * 1000000) / 1000000
        return self._utc_us() / 1000000

    def date(self):
        return date(self.year, self.month, self.day)

    def time(self):
        return time(self.hour, self.minute, self.second, self.microsecond)

    def utcoffset(self):
        return None if self.tzinfo is None else self.tzinfo.utcoffset(self)

    def tzname(self):
        return None if self.tzinfo is None else self.tzinfo.tzname(self)

    def dst(self):
        return None if self.tzinfo is None else self.tzinfo.dst(self)

    def astimezone(self, tz=None):
        us = self._utc_us()
        if self.tzinfo is None:
            us -= _time._zone.wall(us // 1000000, self.fold)[0] * 1000000
        if tz is None:
            off, name, _ = _time._zone.at(us // 1000000)
            tz = timezone(timedelta(seconds=off), name)
        return type(self)._at(us, tz)

    def replace(self, **kw):
        names = ("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo")
        return type(self)(*[kw.get(n, getattr(self, n)) for n in names])

    def timetuple(self):
        return _time.gmtime(self._us() // 1000000)

    def strftime(self, fmt):
        off = self.utcoffset()
        return _time._strftime(fmt, self.timetuple(), self.microsecond, self.tzname() or "", "" if off is None else _offset_text(off, ""))

    def ctime(self):
        return self.strftime("%a %b %e %H:%M:%S %Y")

    def isoformat(self, sep="T", timespec="auto"):
        s = date.isoformat(self) + sep
        if timespec == "minutes":
            s += "%02d:%02d" % (self.hour, self.minute)
        else:
            s += "%02d:%02d:%02d" % (self.hour, self.minute, self.second)
            if timespec == "milliseconds":
                s += ".%03d" % (self.microsecond // 1000)
            elif timespec == "microseconds" or (timespec == "auto" and self.microsecond):
                s += ".%06d" % self.microsecond
        off = self.utcoffset()
        return s if off is None else s + _offset_text(off)

    def __str__(self):
        return self.isoformat(" ")

    def _key(self):
        return self._utc_us()

    def __hash__(self):
        return hash(self._utc_us())

    def __add__(self, d):
        return type(self)._from_us(self._us() + d._us, self.tzinfo) if isinstance(d, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, o):
        if isinstance(o, timedelta):
            return type(self)._from_us(self._us() - o._us, self.tzinfo)
        if isinstance(o, datetime):
            if (self.tzinfo is None) != (o.tzinfo is None):
                raise TypeError("can't subtract offset-naive and offset-aware datetimes")
            return timedelta(microseconds=self._utc_us() - o._utc_us())
        return NotImplemented

    def __repr__(self):
        parts = [self.year, self.month, self.day, self.hour, self.minute]
        if self.second or self.microsecond:
            parts.append(self.second)
        if self.microsecond:
            parts.append(self.microsecond)
        s = "datetime.datetime(" + ", ".join([str(p) for p in parts])
        return s + (", tzinfo=%r)" % self.tzinfo if self.tzinfo is not None else ")")


date.min, date.max = date(1, 1, 1), date(9999, 12, 31)
datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)
