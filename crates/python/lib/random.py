# random: MT19937, seeded and used as CPython does, so that a seed gives its numbers.
import math as _math

_call = _os_call


class Random:
    def __init__(self, x=None):
        self._gauss = None
        self.seed(x)

    def seed(self, a=None, version=2):
        if a is None:
            a = int.from_bytes(_call("random", 32), "big")
        elif isinstance(a, str):
            import hashlib
            b = a.encode()
            a = int.from_bytes(b + hashlib.sha512(b).digest(), "big")
        elif isinstance(a, float):
            a = hash(a)
        a = abs(int(a))
        key = []
        while a:
            key.append(a & 0xFFFFFFFF)
            a >>= 32
        key = key or [0]
        mt = [19650218] + [0] * 623
        for i in range(1, 624):
            mt[i] = (1812433253 * (mt[i - 1] ^ (mt[i - 1] >> 30)) + i) & 0xFFFFFFFF
        i, j = 1, 0
        for _ in range(max(624, len(key))):
            mt[i] = ((mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525)) + key[j] + j) & 0xFFFFFFFF
            i += 1
            j += 1
            if i >= 624:
                mt[0] = mt[623]
                i = 1
            if j >= len(key):
                j = 0
        for _ in range(623):
            mt[i] = ((mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941)) - i) & 0xFFFFFFFF
            i += 1
            if i >= 624:
                mt[0] = mt[623]
                i = 1
        mt[0] = 0x80000000
        self._mt = mt
        self._i = 624
        self._gauss = None

    def _next(self):
        mt = self._mt
        if self._i >= 624:
            for k in range(624):
                y = (mt[k] & 0x80000000) | (mt[(k + 1) % 624] & 0x7FFFFFFF)
                mt[k] = mt[(k + 397) % 624] ^ (y >> 1) ^ (0x9908B0DF if y & 1 else 0)
            self._i = 0
        y = mt[self._i]
        self._i += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C5680
        y ^= (y << 15) & 0xEFC60000
        return y ^ (y >> 18)

    def random(self):
        return ((self._next() >> 5) * 67108864.0 + (self._next() >> 6)) * (1.0 / 9007199254740992.0)

    def getrandbits(self, k):
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        r = shift = 0
        while k > 0:
            y = self._next()
            if k < 32:
                y >>= 32 - k
            r |= y << shift
            shift += 32
            k -= 32
        return r

    def _below(self, n):
        k = n.bit_length()
        r = self.getrandbits(k)
        while r >= n:
            r = self.getrandbits(k)
        return r

    def randrange(self, start, stop=None, step=1):
        if stop is None:
            start, stop = 0, start
        n = len(range(start, stop, step))
        if n <= 0:
            raise ValueError("empty range for randrange()" if stop is None else "empty range for randrange() (%d, %d, %d)" % (start, stop, stop - start))
        return start + step * self._below(n)

    def randint(self, a, b):
        return self.randrange(a, b + 1)

    def randbytes(self, n):
        return self.getrandbits(n * 8).to_bytes(n, "little")

    def choice(self, seq):
        if not len(seq):
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._below(len(seq))]

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        n = len(population)
        if weights is None and cum_weights is None:
            return [population[_math.floor(self.random() * n)] for _ in range(k)]
        if cum_weights is None:
            cum_weights, t = [], 0
            for w in weights:
                t += w
                cum_weights.append(t)
        total = cum_weights[-1] + 0.0
        out = []
        for _ in range(k):
            x = self.random() * total
            i = 0
            while i < n - 1 and cum_weights[i] <= x:
                i += 1
            out.append(population[i])
        return out

    def shuffle(self, x):
        for i in reversed(range(1, len(x))):
            j = self._below(i + 1)
            x[i], x[j] = x[j], x[i]

    def sample(self, population, k, *, counts=None):
        population = list(population)
        n = len(population)
        if not 0 <= k <= n:
            raise ValueError("Sample larger than population or is negative")
        setsize = 21
        if k > 5:
            setsize += 4 ** _math.ceil(_math.log(k * 3) / _math.log(4))
        result = [None] * k
        if n <= setsize:
            for i in range(k):
                j = self._below(n - i)
                result[i] = population[j]
                population[j] = population[n - i - 1]
        else:
            selected = set()
            for i in range(k):
                j = self._below(n)
                while j in selected:
                    j = self._below(n)
                selected.add(j)
                result[i] = population[j]
        return result

    def uniform(self, a, b):
        return a + (b - a) * self.random()

    def expovariate(self, lambd=1.0):
        return -_math.log(1.0 - self.random()) / lambd

    def gauss(self, mu=0.0, sigma=1.0):
        z = self._gauss
        self._gauss = None
        if z is None:
            x2pi = self.random() * 2 * _math.pi
            g2rad = _math.sqrt(-2.0 * _math.log(1.0 - self.random()))
            z = _math.cos(x2pi) * g2rad
            self._gauss = _math.sin(x2pi) * g2rad
        return mu + z * sigma

    def normalvariate(self, mu=0.0, sigma=1.0):
        while True:
            u1 = self.random()
            u2 = 1.0 - self.random()
            z = 1.7155277699214135 * (u1 - 0.5) / u2
            if z * z / 4.0 <= -_math.log(u2):
                return mu + z * sigma

    def getstate(self):
        return (3, tuple(self._mt) + (self._i,), self._gauss)

    def setstate(self, s):
        self._mt, self._i, self._gauss = list(s[1][:-1]), s[1][-1], s[2]


class SystemRandom(Random):
    def seed(self, *a):
        pass

    def _next(self):
        return int.from_bytes(_call("random", 4), "big")


_inst = Random()
seed, random, getrandbits, randrange, randint, randbytes, choice, choices, shuffle, sample, uniform, expovariate, gauss, normalvariate, getstate, setstate = [getattr(_inst, n) for n in ("seed", "random", "getrandbits", "randrange", "randint", "randbytes", "choice", "choices", "shuffle", "sample", "uniform", "expovariate", "gauss", "normalvariate", "getstate", "setstate")]
