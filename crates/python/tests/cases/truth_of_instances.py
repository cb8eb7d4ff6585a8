class B:
    def __init__(s, n): s.n = n
    def __bool__(s): return s.n > 0
    def __repr__(s): return f"B({s.n})"
class L:
    def __init__(s, n): s.n = n
    def __len__(s): return s.n
print(B(1) and 5, B(0) and 5, B(1) or 5, B(0) or 5, L(0) or "e", L(2) and "x", not B(0), not L(3))
print((B(0) or B(1)) and 3, [x for x in [B(0), B(1)] if x or False])
if B(0) or L(0):
    print("no")
elif L(1) and B(1):
    print("yes")
