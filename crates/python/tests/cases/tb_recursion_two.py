import sys
sys.setrecursionlimit(100)
def a(n): return b(n)
def b(n): return a(n + 1)
try:
    a(0)
except RecursionError as e:
    print(type(e).__name__, e)
print(sys.getrecursionlimit())
a(0)
