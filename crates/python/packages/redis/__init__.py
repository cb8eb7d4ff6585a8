"""A client of Redis: a small form of redis-py for Layerlab's machines."""
from redis import exceptions
from redis.client import Pipeline, Redis, StrictRedis
from redis.connection import Connection
from redis.exceptions import (AuthenticationError, BusyLoadingError, ConnectionError, DataError, InvalidResponse, PubSubError,
                              ReadOnlyError, RedisError, ResponseError, TimeoutError, WatchError)

__version__ = "8.1.0"


def from_url(url, **kwargs):
    return Redis.from_url(url, **kwargs)
