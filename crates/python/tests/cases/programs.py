def primes(n):
    sieve = [True] * (n + 1)
    for i in range(2, int(n ** 0.5) + 1):
        if sieve[i]:
            for j in range(i * i, n + 1, i): sieve[j] = False
    return [i for i in range(2, n + 1) if sieve[i]]
print(primes(50))
def hanoi(n, a="A", b="B", c="C"):
    if n == 0: return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
print(hanoi(6))
def qsort(l): return l if len(l) < 2 else qsort([x for x in l[1:] if x < l[0]]) + [l[0]] + qsort([x for x in l[1:] if x >= l[0]])
print(qsort([5, 3, 8, 1, 9, 2]))
class Node:
    def __init__(self, v): self.v, self.l, self.r = v, None, None
class Tree:
    root = None
    def insert(self, v):
        if not self.root: self.root = Node(v); return
        n = self.root
        while True:
            side = "l" if v < n.v else "r"
            c = getattr(n, side)
            if c is None: setattr(n, side, Node(v)); return
            n = c
    def __iter__(self):
        def walk(n):
            if n:
                yield from walk(n.l); yield n.v; yield from walk(n.r)
        return walk(self.root)
t = Tree()
for v in [5, 2, 8, 1]: t.insert(v)
print(list(t))
class Account:
    def __init__(self, owner, balance=0): self.owner, self._b = owner, balance
    @property
    def balance(self): return self._b
    def withdraw(self, x):
        if x > self._b: raise ValueError(f"Insufficient funds: {self._b} < {x}")
        self._b -= x
a = Account("x", 100)
try: a.withdraw(500)
except ValueError as e: print("Error:", e)
text = "the quick brown fox jumps over the lazy dog the end"
freq = {}
for w in text.split(): freq[w] = freq.get(w, 0) + 1
for w, n in sorted(freq.items(), key=lambda x: (-x[1], x[0]))[:3]: print(f"{w:<10}{n:>3}")
for i in range(1, 16): print("FizzBuzz" if i % 15 == 0 else "Fizz" if i % 3 == 0 else "Buzz" if i % 5 == 0 else i, end=" ")
print(); print("".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.islower() else c for c in "hello, world"))
def gcd(a, b):
    while b: a, b = b, a % b
    return a
print(gcd(1071, 462), bin(37)[2:], "racecar" == "racecar"[::-1])
matrix = [[1, 2], [3, 4]]; print([[sum(a * b for a, b in zip(r, c)) for c in zip(*matrix)] for r in matrix])
memo = {}
def fib(n):
    if n in memo: return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(90)); print("\n".join("*" * i for i in range(1, 4))); print(*(f"{i}x{j}={i*j}" for i in range(1, 3) for j in range(1, 3)), sep="\t")
