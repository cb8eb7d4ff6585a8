# zoneinfo: zones by their names, from the zone data of the system.
import time as _time
from datetime import timedelta, tzinfo

TZPATH = ("/usr/share/zoneinfo",)


class ZoneInfoNotFoundError(KeyError):
    __module__ = "zoneinfo._common"


class InvalidTZPathWarning(RuntimeWarning):
    pass


_cache = {}


class ZoneInfo(tzinfo):
    def __new__(cls, key):
        if key in _cache:
            return _cache[key]
        if key.startswith("/") or ".." in key.split("/"):
            raise ValueError("ZoneInfo keys must refer to subdirectories of TZPATH, got: " + key)
        zone = None
        for path in TZPATH:
            zone = zone or _time._zone_file(path + "/" + key)
        if zone is None:
            raise ZoneInfoNotFoundError("No time zone found with key " + key)
        self = super().__new__(cls)
        self.key, self._zone = key, zone
        _cache[key] = self
        return self

    @classmethod
    def no_cache(cls, key):
        return cls(key)

    @classmethod
    def clear_cache(cls, *, only_keys=None):
        _cache.clear()

    def _wall(self, dt):
        if dt is None:
            return (None, None, None) if self._zone.dst is not None else self._zone.at(0)
        return self._zone.wall(dt._us() // 1000000, dt.fold)

    def utcoffset(self, dt):
        off = self._wall(dt)[0]
        return None if off is None else timedelta(seconds=off)

    def dst(self, dt):
        off, _, summer = self._wall(dt)
        if off is None:
            return None
        return timedelta(seconds=off - self._zone.off) if summer else timedelta(0)

    def tzname(self, dt):
        return self._wall(dt)[1]

    def fromutc(self, dt):
        secs = dt._us() // 1000000
        off = self._zone.at(secs)[0]
        result = dt + timedelta(seconds=off)
        # The second of two hours with the same name.
        before = self._zone.wall(secs + off, 0)[0]
        if before != off:
            result.fold = 1
        return result

    def __str__(self):
        return self.key

    def __repr__(self):
        return "zoneinfo.ZoneInfo(key=%r)" % self.key


def available_timezones():
    import os
    found = set()
    for root in TZPATH:
        for folder, _, files in os.walk(root):
            for f in files:
                found.add((folder + "/" + f)[len(root) + 1:])
    return found


def reset_tzpath(to=None):
    global TZPATH
    TZPATH = tuple(to) if to else ("/usr/share/zoneinfo",)
