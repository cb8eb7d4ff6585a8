x = lambda: (yield)
for in x: pass
