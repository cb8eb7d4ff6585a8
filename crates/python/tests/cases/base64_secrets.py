import base64, secrets
for b in (b"", b"a", b"ab", b"abc", b"hello world", bytes(range(256))):
    e = base64.b64encode(b)
    print(e, base64.urlsafe_b64encode(b)[-6:], base64.b64decode(e) == b, base64.urlsafe_b64decode(base64.urlsafe_b64encode(b)) == b)
for bad in ("abc", "a"):
    try: base64.b64decode(bad)
    except ValueError as e: print(e)
print(len(secrets.token_hex(8)), len(secrets.token_bytes()), len(secrets.token_urlsafe(16)), secrets.randbelow(1), secrets.choice("x"), 0 <= secrets.randbits(5) < 32)
