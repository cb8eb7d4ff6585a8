# time: the process's clocks.
_call = _os_call

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def time():
    return _call("now") / 1e9


def time_ns():
    return _call("now")


def monotonic():
    return _call("monotonic") / 1e9


def monotonic_ns():
    return _call("monotonic")


perf_counter = monotonic
perf_counter_ns = monotonic_ns
process_time = monotonic
thread_time = monotonic


def sleep(secs):
    if not isinstance(secs, (int, float)):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(secs).__name__)
    if secs < 0:
        raise ValueError("sleep length must be non-negative")
    _call("sleep", int(secs * 1000000000))


class struct_time(tuple):
    tm_year = property(lambda s: s[0])
    tm_mon = property(lambda s: s[1])
    tm_mday = property(lambda s: s[2])
    tm_hour = property(lambda s: s[3])
    tm_min = property(lambda s: s[4])
    tm_sec = property(lambda s: s[5])
    tm_wday = property(lambda s: s[6])
    tm_yday = property(lambda s: s[7])
    tm_isdst = property(lambda s: s[8])
    tm_zone = None
    tm_gmtoff = None

    def __repr__(self):
        names = ("tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst")
        return "time.struct_time(" + ", ".join(["%s=%d" % p for p in zip(names, self)]) + ")"


def _civil(days):
    # Days since 1970-01-01 to year, month, day (Howard Hinnant's algorithm).
    z = days + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    d = doy - (153 * mp + 2) // 5 + 1
    m = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (1 if m <= 2 else 0), m, d


def _days(y, m, d):
    y -= m <= 2
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (m + (-3 if m > 2 else 9)) + 2) // 5 + d - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


class _Zone:
    # A zone by POSIX's rule, as TZ and the last line of a tzfile have it.
    def __init__(self, rule):
        self.std, rest = _zone_name(rule)
        west, rest = _zone_offset(rest)
        self.off, self.dst, self.ahead, self.rules = -west, None, -west, None
        if rest:
            self.dst, rest = _zone_name(rest)
            self.ahead = self.off + 3600
            if rest and rest[0] != ",":
                west, rest = _zone_offset(rest)
                self.ahead = -west
            parts = rest[1:].split(",") if rest else ["M3.2.0", "M11.1.0"]
            self.rules = [_zone_rule(p) for p in parts]
            if len(parts) != 2:
                raise ValueError(rule)

    # Seconds east, name and whether it is summer time, of seconds since 1970.
    def at(self, secs):
        if self.rules is None:
            return self.off, self.std, 0
        year = gmtime(secs + self.off)[0]
        a, b = _rule_at(self.rules[0], year) - self.off, _rule_at(self.rules[1], year) - self.ahead
        summer = a <= secs < b if a < b else not b <= secs < a
        return (self.ahead, self.dst, 1) if summer else (self.off, self.std, 0)

    # The same of a clock's time; of an hour that comes twice the first, or the second (fold).
    def wall(self, local, fold=0):
        first, second = self.at(local - self.ahead), self.at(local - self.off)
        if first[0] == self.ahead and second[0] == self.off:
            return second if fold else first
        if first[0] == self.off and second[0] == self.ahead:
            return second if fold else first
        return second


def _zone_name(text):
    if text[:1] == "<":
        i = text.index(">")
        return text[1:i], text[i + 1:]
    i = 0
    while i < len(text) and text[i].isalpha():
        i += 1
    if i < 3:
        raise ValueError(text)
    return text[:i], text[i:]


def _zone_offset(text):
    i = 1 if text[:1] in ("+", "-") else 0
    j = i
    while j < len(text) and (text[j].isdigit() or text[j] == ":"):
        j += 1
    total = sum([int(p) * u for p, u in zip(text[i:j].split(":"), (3600, 60, 1))])
    return (-total if text[:1] == "-" else total), text[j:]


def _zone_rule(text):
    day, _, clock = text.partition("/")
    return day, (_zone_offset(clock)[0] if clock else 7200)


def _rule_at(rule, year):
    day, clock = rule
    if day[0] == "M":
        m, week, weekday = [int(n) for n in day[1:].split(".")]
        first = _days(year, m, 1)
        d = first + (weekday - (first + 4)) % 7 + 7 * (week - 1)
        end = _days(year + m // 12, m % 12 + 1, 1)
        while d >= end:
            d -= 7
    elif day[0] == "J":
        n = int(day[1:])
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        d = _days(year, 1, 1) + n - 1 + (1 if leap and n > 59 else 0)
    else:
        d = _days(year, 1, 1) + int(day)
    return d * 86400 + clock


def _zone_file(path):
    try:
        fd = _call("open", path, 0o2000000, 0)
    except OSError:
        return None
    try:
        data = _call("read", fd, 65536)
    except OSError:
        data = b""
    _call("close", fd)
    if data[:4] != b"TZif" or data[-1:] != b"\n":
        return None
    try:
        return _Zone(data[:-1].split(b"\n")[-1].decode())
    except (ValueError, IndexError):
        return None


def _zone_of(name):
    if name is None:
        return _zone_file("/etc/localtime") or _Zone("UTC0")
    name = name.lstrip(":")
    if not name:
        return _Zone("UTC0")
    zone = _zone_file(name if name[0] == "/" else "/usr/share/zoneinfo/" + name)
    if zone is not None:
        return zone
    try:
        return _Zone(name)
    except (ValueError, IndexError):
        word = ""
        for c in name:
            if not c.isalpha():
                break
            word += c
        return _Zone((word if 3 <= len(word) <= 6 else "UTC") + "0")


def _set_zone(name):
    global _zone, timezone, altzone, daylight, tzname
    _zone = _zone_of(name)
    timezone, altzone, daylight = -_zone.off, -_zone.ahead, 0 if _zone.dst is None else 1
    tzname = (_zone.std, _zone.dst or _zone.std)


def tzset():
    import os
    _set_zone(os.environ.get("TZ"))


def gmtime(secs=None):
    if secs is None:
        secs = time()
    secs = int(secs // 1)
    days, rest = divmod(secs, 86400)
    y, m, d = _civil(days)
    t = struct_time((y, m, d, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7, days - _days(y, 1, 1) + 1, 0))
    t.tm_zone, t.tm_gmtoff = "GMT", 0
    return t


def localtime(secs=None):
    if secs is None:
        secs = time()
    secs = int(secs // 1)
    off, name, dst = _zone.at(secs)
    t = gmtime(secs + off)
    t = struct_time(tuple(t)[:8] + (dst,))
    t.tm_zone, t.tm_gmtoff = name, off
    return t


def mktime(t):
    local = (_days(t[0] + (t[1] - 1) // 12, (t[1] - 1) % 12 + 1, 1) + t[2] - 1) * 86400 + t[3] * 3600 + t[4] * 60 + t[5]
    if t[8] > 0 and _zone.dst is not None:
        return float(local - _zone.ahead)
    if t[8] == 0:
        return float(local - _zone.off)
    return float(local - _zone.wall(local)[0])


def strftime(format, t=None):
    if t is None:
        t = localtime()
    if not isinstance(t, tuple):
        raise TypeError("Tuple or struct_time argument required")
    zone, off = getattr(t, "tm_zone", None), getattr(t, "tm_gmtoff", None)
    if zone is None:
        zone, off = (tzname[1], -altzone) if t[8] > 0 else (tzname[0], -timezone)
    s = abs(off)
    return _strftime(format, t, 0, zone, "%s%02d%02d" % ("-" if off < 0 else "+", s // 3600, s // 60 % 60))


def _strftime(format, t, micro, zone="", offset=""):
    out = []
    i = 0
    while i < len(format):
        c = format[i]
        i += 1
        if c != "%" or i >= len(format):
            out.append(c)
            continue
        c = format[i]
        i += 1
        if c == "-" and i < len(format):
            out.append(_strftime("%" + format[i], t, micro, zone, offset).lstrip("0") or "0")
            i += 1
            continue
        h12 = t[3] % 12 or 12
        if c == "Y":
            s = "%d" % t[0]
        elif c == "m":
            s = "%02d" % t[1]
        elif c == "d":
            s = "%02d" % t[2]
        elif c == "e":
            s = "%2d" % t[2]
        elif c == "H":
            s = "%02d" % t[3]
        elif c == "I":
            s = "%02d" % h12
        elif c == "M":
            s = "%02d" % t[4]
        elif c == "S":
            s = "%02d" % t[5]
        elif c == "f":
            s = "%06d" % micro
        elif c == "y":
            s = "%02d" % (t[0] % 100)
        elif c == "C":
            s = "%02d" % (t[0] // 100)
        elif c == "j":
            s = "%03d" % t[7]
        elif c == "p":
            s = "AM" if t[3] < 12 else "PM"
        elif c == "A":
            s = _DAYS[t[6]]
        elif c == "a":
            s = _DAYS[t[6]][:3]
        elif c == "B":
            s = _MONTHS[t[1] - 1]
        elif c in "bh":
            s = _MONTHS[t[1] - 1][:3]
        elif c == "u":
            s = str(t[6] + 1)
        elif c == "w":
            s = str((t[6] + 1) % 7)
        elif c == "U":
            s = "%02d" % ((t[7] + 6 - (t[6] + 1) % 7) // 7)
        elif c == "W":
            s = "%02d" % ((t[7] + 6 - t[6]) // 7)
        elif c == "V":
            week = (t[7] - 1 - t[6] + 10) // 7
            s = "%02d" % (52 if week < 1 else week)
        elif c == "s":
            s = str(int(mktime(t)))
        elif c == "Z":
            s = zone
        elif c == "z":
            s = offset
        elif c == "n":
            s = "\n"
        elif c == "t":
            s = "\t"
        elif c == "%":
            s = "%"
        else:
            sub = {"c": "%a %b %e %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "r": "%I:%M:%S %p"}.get(c)
            s = "%" + c if sub is None else _strftime(sub, t, micro, zone, offset)
        out.append(s)
    return "".join(out)


def asctime(t=None):
    return strftime("%a %b %e %H:%M:%S %Y", t)


def ctime(secs=None):
    return asctime(localtime(secs))


def get_clock_info(name):
    return None


def strptime(text, format="%a %b %d %H:%M:%S %Y"):
    return _strptime(text, format)[0]


def _strptime(text, format):
    v = {"Y": 1900, "m": 1, "d": 1, "H": 0, "M": 0, "S": 0, "f": 0, "z": None}
    pm = None
    i = j = 0

    def fail():
        raise ValueError("time data %r does not match format %r" % (text, format))

    def digits(n):
        nonlocal i
        k = i
        while k < len(text) and k - i < n and text[k].isdigit():
            k += 1
        if k == i:
            fail()
        s = text[i:k]
        i = k
        return s

    def word(names):
        nonlocal i
        for n, w in enumerate(names):
            for cand in (w, w[:3]):
                if text[i:i + len(cand)].lower() == cand.lower():
                    i += len(cand)
                    return n
        fail()

    while j < len(format):
        c = format[j]
        j += 1
        if c != "%":
            if c.isspace():
                while i < len(text) and text[i].isspace():
                    i += 1
                continue
            if text[i:i + 1] != c:
                fail()
            i += 1
            continue
        c = format[j:j + 1]
        j += 1
        if c == "Y":
            v["Y"] = int(digits(4))
        elif c == "y":
            y = int(digits(2))
            v["Y"] = 2000 + y if y < 69 else 1900 + y
        elif c in "mdHMS":
            v[c] = int(digits(2))
        elif c == "I":
            v["H"] = int(digits(2))
        elif c == "f":
            v["f"] = int((digits(6) + "000000")[:6])
        elif c == "p":
            pm = text[i:i + 2].upper()
            i += 2
        elif c in "bBh":
            v["m"] = word(_MONTHS) + 1
        elif c in "aA":
            word(_DAYS)
        elif c == "z":
            if text[i:i + 1] == "Z":
                v["z"] = 0
                i += 1
            else:
                sign = -1 if text[i] == "-" else 1
                i += 1
                h = int(digits(2))
                if text[i:i + 1] == ":":
                    i += 1
                v["z"] = sign * (h * 3600 + int(digits(2)) * 60)
        elif c == "Z":
            i += 3
        elif c == "j":
            digits(3)
        else:
            s = "%" if c == "%" else None
            if s is None or text[i:i + 1] != s:
                fail()
            i += 1
    if i != len(text):
        raise ValueError("unconverted data remains: " + text[i:])
    if pm == "PM" and v["H"] < 12:
        v["H"] += 12
    if pm == "AM" and v["H"] == 12:
        v["H"] = 0
    days = _days(v["Y"], v["m"], v["d"])
    return struct_time((v["Y"], v["m"], v["d"], v["H"], v["M"], v["S"], (days + 3) % 7, days - _days(v["Y"], 1, 1) + 1, -1)), v["f"], v["z"]


_set_zone(_prelude_get("_config")()[0].get("TZ"))
