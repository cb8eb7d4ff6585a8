print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 2 ** 10, 2 ** -1, 2 ** 100, 10 / 4, 10 / 5, divmod(-7, 2), 1e3, 5 // 2.0, -5 % 3.5, 7.5 // 2)
print(2 ** 200 // 3 ** 50, (2 ** 100) % 97, -(2 ** 70), 2 ** 64 - 1, 2 ** 63, int("9" * 30) + 1, hash(2 ** 61 - 1), (1 << 100) >> 98, (2 ** 100) & 0xFF, 5 & 3, 5 | 3, 5 ^ 3, ~5, pow(3, 100, 7), 10 ** 20 / 10 ** 18)
print(0.1 + 0.2, 1 / 3, 2 / 3, 1e16, 1e15, 123456789012345678.0, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 1e400, -1e400, 0.1, 100.0, 1.0, 3.0e10, 12345.678e-10, float("nan"))
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(1.23456, 3), round(0.5), round(1e20), int(3.9), int(-3.9), int("0x1f", 16), int("0b101", 0), int(" 42 "), int("1_000"), float(" 1.5 "), float("1e3"))
print(bin(10), oct(8), hex(255), bin(-5), int("101", 2), int("zz", 36), abs(-3), abs(-2.5), max(1, 2.5), min(3, 1), sum([1, 2.5]), (5).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"), (10).__add__(5))
print(True + True, True == 1, isinstance(True, int), 1 == 1.0, 0.1 * 3 == 0.3, 1 < 2 < 3, 1 < 3 > 2, 3 == 3.0 == 3, not 0, bool(0.0), None is None)
import math
print(math.pi, math.e, math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.sqrt(2), math.factorial(20), math.gcd(12, 18), math.lcm(4, 6), math.hypot(3, 4), math.log(10), math.log2(8), math.log10(1000), math.log(8, 2), math.sin(1), math.cos(1), math.atan2(1, 1), math.degrees(math.pi), math.isclose(0.1 + 0.2, 0.3), math.inf, math.isnan(math.nan), math.prod([1, 2, 3]), math.comb(5, 2), math.perm(5, 2), math.pow(2, 0.5), math.fsum([0.1] * 10), math.isqrt(17), math.copysign(1, -0.0), math.modf(1.5), math.radians(180), math.tan(1), math.dist((0, 0), (3, 4)))
print(1_000_000, 0xFF, 0b11, 0o17, 1e-3, .5, 5., (3.7).is_integer(), (0.5).as_integer_ratio(), (4.0).is_integer(), float.fromhex("0x1p-2") if hasattr(float, "fromhex") else 0.25)
for e in ("1/0", "1//0", "1%0", "1.0/0", "1.0//0", "1.0%0", "math.sqrt(-1)", "math.log(0)", "int('x')", "float('')", "10**400 * 1.0", "math.factorial(-1)", "2.0**10000", "int(float('inf'))", "int(float('nan'))", "round(float('nan'))", "math.exp(1000)"):
    try: print(eval(e))
    except Exception as x: print(e, type(x).__name__, x)
print(str(10 ** 50), repr(1.1), f"{10**30:,}", "%.3f" % 2.0005, "%.10f" % 0.1, f"{1e21:f}", f"{0.1:.20f}", f"{2**70}", -2 ** 2, (-2) ** 2, 2 ** 3 ** 2, -7 / 2, 1 - 0.9)
