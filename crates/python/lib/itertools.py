# itertools: generators.
def count(start=0, step=1):
    n = start
    while True:
        yield n
        n += step


def cycle(it):
    saved = []
    for x in it:
        yield x
        saved.append(x)
    while saved:
        for x in saved:
            yield x


def repeat(x, times=None):
    if times is None:
        while True:
            yield x
    for _ in range(times):
        yield x


def accumulate(it, func=None, *, initial=None):
    it = iter(it)
    total = initial
    if initial is None:
        try:
            total = next(it)
        except StopIteration:
            return
    yield total
    for x in it:
        total = total + x if func is None else func(total, x)
        yield total


class chain:
    def __init__(self, *its):
        self._g = self._run(its)

    @staticmethod
    def _run(its):
        for it in its:
            for x in it:
                yield x

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._g)

    @classmethod
    def from_iterable(cls, its):
        c = cls()
        c._g = cls._run(its)
        return c


def compress(data, selectors):
    return (d for d, s in zip(data, selectors) if s)


def dropwhile(pred, it):
    it = iter(it)
    for x in it:
        if not pred(x):
            yield x
            break
    for x in it:
        yield x


def takewhile(pred, it):
    for x in it:
        if not pred(x):
            return
        yield x


def filterfalse(pred, it):
    for x in it:
        if not (x if pred is None else pred(x)):
            yield x


def starmap(f, it):
    for args in it:
        yield f(*args)


def islice(it, *args):
    s = slice(*args)
    start, stop, step = s.start or 0, s.stop, s.step or 1
    i = 0
    want = start
    it = iter(it)
    if stop is not None and stop <= start:
        return
    for x in it:
        if i == want:
            yield x
            want += step
        i += 1
        if stop is not None and (i >= stop or want >= stop and i > want - step):
            if want >= stop:
                return


def tee(it, n=2):
    items = list(it)
    return tuple([iter(items) for _ in range(n)])


def zip_longest(*its, fillvalue=None):
    its = [iter(i) for i in its]
    alive = len(its)
    done = [False] * len(its)
    while True:
        row = []
        for i, it in enumerate(its):
            if done[i]:
                row.append(fillvalue)
                continue
            try:
                row.append(next(it))
            except StopIteration:
                done[i] = True
                alive -= 1
                row.append(fillvalue)
        if not alive:
            return
        yield tuple(row)


def product(*its, repeat=1):
    pools = [tuple(i) for i in its] * repeat
    result = [()]
    for pool in pools:
        result = [r + (x,) for r in result for x in pool]
    return iter(result)


def permutations(it, r=None):
    pool = tuple(it)
    n = len(pool)
    r = n if r is None else r
    if r > n:
        return
    idx = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in idx[:r]])
    while n:
        for i in reversed(range(r)):
            cycles[i] -= 1
            if cycles[i] == 0:
                idx[i:] = idx[i + 1:] + idx[i:i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                idx[i], idx[-j] = idx[-j], idx[i]
                yield tuple([pool[i] for i in idx[:r]])
                break
        else:
            return


def combinations(it, r):
    pool = tuple(it)
    n = len(pool)
    if r > n:
        return
    idx = list(range(r))
    yield tuple([pool[i] for i in idx])
    while True:
        for i in reversed(range(r)):
            if idx[i] != i + n - r:
                break
        else:
            return
        idx[i] += 1
        for j in range(i + 1, r):
            idx[j] = idx[j - 1] + 1
        yield tuple([pool[i] for i in idx])


def combinations_with_replacement(it, r):
    pool = tuple(it)
    n = len(pool)
    if not n and r:
        return
    idx = [0] * r
    yield tuple([pool[i] for i in idx])
    while True:
        for i in reversed(range(r)):
            if idx[i] != n - 1:
                break
        else:
            return
        idx[i:] = [idx[i] + 1] * (r - i)
        yield tuple([pool[i] for i in idx])


def groupby(it, key=None):
    group = None
    first = True
    last = None
    for x in it:
        k = x if key is None else key(x)
        if first or k != last:
            if not first:
                yield last, iter(group)
            group = []
            last = k
            first = False
        group.append(x)
    if not first:
        yield last, iter(group)


def pairwise(it):
    first = True
    for x in it:
        if not first:
            yield prev, x
        prev = x
        first = False
