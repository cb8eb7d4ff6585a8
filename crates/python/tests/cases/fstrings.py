import datetime
name, n, pi, big = "Ada", 42, 3.14159265, 1234567890
print(f"{name!r:>10}|{name:<8}|{name:^9}|{name:*^9}|{n:05d}|{n:+}|{n:x}|{n:#x}|{n:b}|{n:#010b}|{n:o}|{n:e}")
print(f"{pi:.2f}|{pi:8.3f}|{pi:<8.1f}|{pi:e}|{pi:g}|{pi:.0f}|{pi:%}|{0.256:.1%}|{big:,}|{big:_}|{big:15,}|{-n:=+6}")
print(f"{n=} {name=!s} {pi=:.2f} {n + 1 = }")
w, p = 10, 3
print(f"{pi:{w}.{p}f}|{name:{w}}|{'nested ' + f'{n}'}")
print(f"{{literal}} {{{n}}} {'single'} x")
print(f"{datetime.date(2024, 3, 9):%d.%m.%Y} {datetime.datetime(2024, 3, 9, 7, 5):%H:%M}")
print(f"{1e10} {1e16} {1e-5} {0.1 + 0.2} {100.0} {1/3} {float('inf')} {-0.0} {2.5e-10:.3g} {123456789.0:g} {1e100}")
print(f"{True} {None} {[1, 'a']} {(1,)} { {'k': 1} }")
print(f"{'abc':.2}|{'abc':5.1}|{n:c}|{'x':>{n - 37}}|{n!s:>5}|{n:>+5}|{n:<5}|")
print(f"""multi
{n}
line""", f'{"q"}', rf"\d{n}", f"{n:n}", f"{1234.5:,.2f}", f"{255:X} {255:08b} {1_000_000:,}")
print("%d %5d|%-5d|%05d %s %r %.2f %5.1f %x %X %o %e %% %c %+d" % (1, 2, 3, 4, "s", "r", 1.005, 2.25, 255, 255, 8, 12345.678, "c", 5))
print("%(a)s and %(b)03d" % {"a": "x", "b": 7}, "%s" % [1, 2], "%s %s" % ("a", None), "%10s|%-10s|" % ("r", "l"))
print("{} {}".format(1, 2), "{1} {0} {x}".format("a", "b", x=3), "{0[1]} {1.real} {2[k]}".format([1, 2], 5, {"k": "v"}), "{:>5}|{:<5}|{:^5}".format("a", "b", "c"), "{:{}}".format("x", 4) + "|", "{!r}".format("q"))
