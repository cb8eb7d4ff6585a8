# time: the process's clocks.
_call = _os_call
timezone = 0
altzone = 0
daylight = 0
tzname = ("UTC", "UTC")

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
    tm_zone = "UTC"
    tm_gmtoff = 0

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


def gmtime(secs=None):
    if secs is None:
        secs = time()
    secs = int(secs // 1)
    days, rest = divmod(secs, 86400)
    y, m, d = _civil(days)
    return struct_time((y, m, d, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7, days - _days(y, 1, 1) + 1, 0))


localtime = gmtime


def mktime(t):
    return float(_days(t[0], t[1], t[2]) * 86400 + t[3] * 3600 + t[4] * 60 + t[5])


def strftime(format, t=None):
    if t is None:
        t = localtime()
    return _strftime(format, t, 0)


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
    return asctime(gmtime(secs))


def get_clock_info(name):
    return None


def tzset():
    pass


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
