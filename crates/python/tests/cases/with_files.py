import os
with open("/tmp/t1.txt", "w") as f:
    print(f.write("line one\n"), f.name, f.mode, f.closed); f.writelines(["two\n", "three"]); print("four", file=f)
print(f.closed)
with open("/tmp/t1.txt") as f: print(f.read())
with open("/tmp/t1.txt") as f: print([l.rstrip() for l in f], f.readline() == "")
with open("/tmp/t1.txt") as f: print(f.readline(), f.readlines(), f.tell())
with open("/tmp/t1.txt", "a") as f: f.write("more\n")
with open("/tmp/t1.txt", "rb") as f: b = f.read(); print(b[:5], len(b)); f.seek(5); print(f.read(3))
with open("/tmp/t2.txt", "w", encoding="utf-8") as a, open("/tmp/t1.txt") as b: a.write(b.read().upper() + "äö")
print(open("/tmp/t2.txt", encoding="utf-8").read()[-3:], os.path.exists("/tmp/t2.txt"), os.path.getsize("/tmp/t2.txt"), os.path.basename("/a/b.c"), os.path.splitext("x.tar.gz"), os.path.isfile("/tmp"), os.path.isdir("/tmp"))
for a in (("/tmp/nope/x", "w"), ("/no.txt",), ("/tmp",), ("/tmp/t1.txt", "zz"), ("/tmp/t1.txt", "x")):
    try: open(*a)
    except (OSError, ValueError) as e: print(type(e).__name__, e)
with open("/tmp/t1.txt") as f:
    try: f.write("x")
    except Exception as e: print(type(e).__name__, e)
os.remove("/tmp/t1.txt"); print(os.path.exists("/tmp/t1.txt")); os.makedirs("/tmp/d1/d2", exist_ok=True); open("/tmp/d1/a", "w").close(); print(sorted(os.listdir("/tmp/d1"))); os.rename("/tmp/d1/a", "/tmp/d1/b"); print(sorted(os.listdir("/tmp/d1")))
import io, contextlib
s = io.StringIO(); print("x", 1, file=s, sep="-"); print(repr(s.getvalue())); b = io.BytesIO(b"abc"); print(b.read(2))
@contextlib.contextmanager
def tag(n):
    print(f"<{n}>")
    try: yield n.upper()
    finally: print(f"</{n}>")
with tag("b") as t: print(t)
with contextlib.suppress(KeyError): {}["x"]
with contextlib.redirect_stdout(io.StringIO()) as o: print("hidden")
print(o.getvalue().strip())
try:
    with tag("i"): raise ValueError("in")
except ValueError as e: print("out", e)
with contextlib.ExitStack() as st: st.callback(print, "cb"); st.enter_context(tag("s"))
import shutil; shutil.rmtree("/tmp/d1"); print(os.path.exists("/tmp/d1"))
