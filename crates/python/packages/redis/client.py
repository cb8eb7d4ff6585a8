"""The commands."""
import datetime
from urllib.parse import unquote, urlsplit

from redis.connection import Connection
from redis.exceptions import ConnectionError, DataError


def _seconds(t):
    return int(t.total_seconds()) if isinstance(t, datetime.timedelta) else t


def _pairs(answer):
    return dict(zip(answer[0::2], answer[1::2]))


def _is_ok(answer):
    return answer in (b"OK", "OK")


class _Commands:
    """Every command, whoever carries it out."""

    def ping(self):
        return self._run(("PING",), lambda r: r in (b"PONG", "PONG"))

    def echo(self, value):
        return self._run(("ECHO", value))

    def get(self, name):
        return self._run(("GET", name))

    def set(self, name, value, ex=None, px=None, nx=False, xx=False, keepttl=False, get=False):
        args = ["SET", name, value]
        if ex is not None:
            args += ["EX", _seconds(ex)]
        if px is not None:
            args += ["PX", px]
        args += ["NX"] if nx else ["XX"] if xx else []
        args += ["KEEPTTL"] if keepttl else []
        args += ["GET"] if get else []
        return self._run(args, None if get else lambda r: True if _is_ok(r) else None)

    def setex(self, name, time, value):
        return self._run(("SETEX", name, _seconds(time), value), _is_ok)

    def setnx(self, name, value):
        return self._run(("SETNX", name, value), bool)

    def getset(self, name, value):
        return self._run(("GETSET", name, value))

    def getdel(self, name):
        return self._run(("GETDEL", name))

    def mget(self, keys, *args):
        return self._run(["MGET"] + self._list(keys, args))

    def mset(self, mapping):
        return self._run(["MSET"] + [x for kv in mapping.items() for x in kv], _is_ok)

    def append(self, key, value):
        return self._run(("APPEND", key, value))

    def strlen(self, name):
        return self._run(("STRLEN", name))

    def incr(self, name, amount=1):
        return self._run(("INCRBY", name, amount))

    incrby = incr

    def incrbyfloat(self, name, amount=1.0):
        return self._run(("INCRBYFLOAT", name, amount), float)

    def decr(self, name, amount=1):
        return self._run(("DECRBY", name, amount))

    decrby = decr

    def delete(self, *names):
        return self._run(("DEL",) + names)

    def unlink(self, *names):
        return self._run(("UNLINK",) + names)

    def exists(self, *names):
        return self._run(("EXISTS",) + names)

    def expire(self, name, time):
        return self._run(("EXPIRE", name, _seconds(time)), bool)

    def pexpire(self, name, time):
        return self._run(("PEXPIRE", name, time), bool)

    def persist(self, name):
        return self._run(("PERSIST", name), bool)

    def ttl(self, name):
        return self._run(("TTL", name))

    def pttl(self, name):
        return self._run(("PTTL", name))

    def keys(self, pattern="*"):
        return self._run(("KEYS", pattern))

    def scan(self, cursor=0, match=None, count=None):
        args = ["SCAN", cursor] + (["MATCH", match] if match is not None else []) + (["COUNT", count] if count is not None else [])
        return self._run(args, lambda r: (int(r[0]), r[1]))

    def scan_iter(self, match=None, count=None):
        cursor = None
        while cursor != 0:
            cursor, found = self.scan(cursor or 0, match, count)
            for k in found:
                yield k

    def type(self, name):
        return self._run(("TYPE", name))

    def rename(self, src, dst):
        return self._run(("RENAME", src, dst), _is_ok)

    def lpush(self, name, *values):
        return self._run(("LPUSH", name) + values)

    def rpush(self, name, *values):
        return self._run(("RPUSH", name) + values)

    def lpop(self, name, count=None):
        return self._run(("LPOP", name) if count is None else ("LPOP", name, count))

    def rpop(self, name, count=None):
        return self._run(("RPOP", name) if count is None else ("RPOP", name, count))

    def blpop(self, keys, timeout=0):
        return self._run(["BLPOP"] + self._list(keys, ()) + [timeout or 0], lambda r: None if r is None else tuple(r))

    def brpop(self, keys, timeout=0):
        return self._run(["BRPOP"] + self._list(keys, ()) + [timeout or 0], lambda r: None if r is None else tuple(r))

    def llen(self, name):
        return self._run(("LLEN", name))

    def lindex(self, name, index):
        return self._run(("LINDEX", name, index))

    def lrange(self, name, start, end):
        return self._run(("LRANGE", name, start, end))

    def ltrim(self, name, start, end):
        return self._run(("LTRIM", name, start, end), _is_ok)

    def lrem(self, name, count, value):
        return self._run(("LREM", name, count, value))

    def hset(self, name, key=None, value=None, mapping=None):
        if key is None and not mapping:
            raise DataError("'hset' with no key value pairs")
        items = [key, value] if key is not None else []
        return self._run(["HSET", name] + items + [x for kv in (mapping or {}).items() for x in kv])

    def hget(self, name, key):
        return self._run(("HGET", name, key))

    def hgetall(self, name):
        return self._run(("HGETALL", name), _pairs)

    def hdel(self, name, *keys):
        return self._run(("HDEL", name) + keys)

    def hexists(self, name, key):
        return self._run(("HEXISTS", name, key), bool)

    def hincrby(self, name, key, amount=1):
        return self._run(("HINCRBY", name, key, amount))

    def hkeys(self, name):
        return self._run(("HKEYS", name))

    def hvals(self, name):
        return self._run(("HVALS", name))

    def hlen(self, name):
        return self._run(("HLEN", name))

    def sadd(self, name, *values):
        return self._run(("SADD", name) + values)

    def srem(self, name, *values):
        return self._run(("SREM", name) + values)

    def smembers(self, name):
        return self._run(("SMEMBERS", name), set)

    def sismember(self, name, value):
        return self._run(("SISMEMBER", name, value), bool)

    def scard(self, name):
        return self._run(("SCARD", name))

    def zadd(self, name, mapping, nx=False, xx=False):
        return self._run(["ZADD", name] + (["NX"] if nx else []) + (["XX"] if xx else []) + [x for k, v in mapping.items() for x in (v, k)])

    def zrange(self, name, start, end, desc=False, withscores=False):
        args = ["ZREVRANGE" if desc else "ZRANGE", name, start, end] + (["WITHSCORES"] if withscores else [])
        return self._run(args, (lambda r: [(k, float(s)) for k, s in _pairs(r).items()]) if withscores else None)

    def zrevrange(self, name, start, end, withscores=False):
        return self.zrange(name, start, end, True, withscores)

    def zscore(self, name, value):
        return self._run(("ZSCORE", name, value), lambda r: None if r is None else float(r))

    def zincrby(self, name, amount, value):
        return self._run(("ZINCRBY", name, amount, value), float)

    def zcard(self, name):
        return self._run(("ZCARD", name))

    def zrem(self, name, *values):
        return self._run(("ZREM", name) + values)

    def publish(self, channel, message):
        return self._run(("PUBLISH", channel, message))

    def dbsize(self):
        return self._run(("DBSIZE",))

    def flushdb(self, asynchronous=False):
        return self._run(("FLUSHDB",), _is_ok)

    def flushall(self, asynchronous=False):
        return self._run(("FLUSHALL",), _is_ok)

    def save(self):
        return self._run(("SAVE",), _is_ok)

    def info(self, section=None):
        def parse(r):
            out = {}
            for line in (r if isinstance(r, str) else r.decode()).splitlines():
                k, found, v = line.partition(":")
                if found and not line.startswith("#"):
                    out[k] = int(v) if v.lstrip("-").isdigit() else v
            return out
        return self._run(("INFO",) if section is None else ("INFO", section), parse)

    def execute_command(self, *args, **options):
        words = args[0].split() + list(args[1:])
        return self._run(words)

    @staticmethod
    def _list(keys, args):
        return ([keys] if isinstance(keys, (str, bytes)) else list(keys)) + list(args)


class Pipeline(_Commands):
    def __init__(self, client, transaction=True):
        self._client, self._transaction, self._waiting = client, transaction, []

    def __len__(self):
        return len(self._waiting)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.reset()

    def reset(self):
        self._waiting = []

    def _run(self, args, answer=None):
        self._waiting.append((args, answer))
        return self

    def execute(self, raise_on_error=True):
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return []
        if not self._transaction:
            return [self._client._run(a, f) for a, f in waiting]
        self._client._run(("MULTI",))
        for args, _ in waiting:
            self._client._run(args)
        answers = self._client._run(("EXEC",))
        return [f(r) if f else r for r, (_, f) in zip(answers, waiting)]


class Redis(_Commands):
    def __init__(self, host="localhost", port=6379, db=0, password=None, socket_timeout=None, socket_connect_timeout=None,
                 decode_responses=False, username=None, ssl=False, **options):
        if ssl:
            raise NotImplementedError("ssl: Layerlab's Python has no TLS")
        self.connection = Connection(host, port, db, username, password, socket_timeout or socket_connect_timeout, decode_responses)

    @classmethod
    def from_url(cls, url, **kwargs):
        u = urlsplit(url)
        if u.scheme not in ("redis", "rediss", "unix"):
            raise ValueError("Redis URL must specify one of the following schemes (redis://, rediss://, unix://)")
        given = {"host": u.hostname or "localhost", "port": u.port or 6379}
        if u.path.strip("/").isdigit():
            given["db"] = int(u.path.strip("/"))
        if u.username:
            given["username"] = unquote(u.username)
        if u.password:
            given["password"] = unquote(u.password)
        given.update(kwargs)
        return cls(**given)

    def __repr__(self):
        c = self.connection
        return "<redis.client.Redis(<redis.connection.ConnectionPool(<redis.connection.Connection(host=%s,port=%s,db=%s)>)>)>" % (
            c.host, c.port, c.db)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()

    def close(self):
        self.connection.disconnect()

    def _run(self, args, answer=None):
        c = self.connection
        again = c._sock is not None
        try:
            c.connect()
            c.send(args)
            r = c.read()
        except ConnectionError:
            # A connection that its server has closed meanwhile is made anew, once.
            if not again:
                raise
            c.disconnect()
            c.connect()
            c.send(args)
            r = c.read()
        return answer(r) if answer else r

    def pipeline(self, transaction=True, shard_hint=None):
        return Pipeline(self, transaction)

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name, value):
        self.set(name, value)

    def __delitem__(self, name):
        self.delete(name)

    def __contains__(self, name):
        return self.exists(name) > 0


StrictRedis = Redis
