# heapq: a list as a priority queue, smallest first.
def _up(h, start, pos):
    x = h[pos]
    while pos > start:
        parent = (pos - 1) >> 1
        if not x < h[parent]:
            break
        h[pos] = h[parent]
        pos = parent
    h[pos] = x


def _down(h, pos):
    # As in CPython, so that equal elements come out in the same order: to a leaf, then up.
    start = pos
    x = h[pos]
    child = 2 * pos + 1
    while child < len(h):
        if child + 1 < len(h) and not h[child] < h[child + 1]:
            child += 1
        h[pos] = h[child]
        pos = child
        child = 2 * pos + 1
    h[pos] = x
    _up(h, start, pos)


def heappush(heap, item):
    heap.append(item)
    _up(heap, 0, len(heap) - 1)


def heappop(heap):
    last = heap.pop()
    if not heap:
        return last
    top = heap[0]
    heap[0] = last
    _down(heap, 0)
    return top


def heapreplace(heap, item):
    top = heap[0]
    heap[0] = item
    _down(heap, 0)
    return top


def heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _down(heap, 0)
    return item


def heapify(x):
    for i in reversed(range(len(x) // 2)):
        _down(x, i)


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:n]


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:n]


def merge(*iterables, key=None, reverse=False):
    out = []
    for it in iterables:
        out.extend(it)
    return iter(sorted(out, key=key, reverse=reverse))
