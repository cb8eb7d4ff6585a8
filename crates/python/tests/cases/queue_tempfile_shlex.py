import os
import queue
import shlex
import tempfile

q = queue.Queue(maxsize=2)
q.put(1)
q.put(2)
print(q.qsize(), q.full(), q.empty())
try:
    q.put_nowait(3)
except queue.Full:
    print("full")
print(q.get(), q.get_nowait())
try:
    q.get(timeout=0.01)
except queue.Empty:
    print("empty")
p = queue.PriorityQueue()
for x in (3, 1, 2):
    p.put((x, str(x)))
print([p.get() for _ in range(3)])
s = queue.LifoQueue()
s.put("a")
s.put("b")
print(s.get(), s.get())

with tempfile.TemporaryDirectory(prefix="own-") as d:
    print(os.path.basename(d).startswith("own-"), os.path.isdir(d), os.path.dirname(d))
    with open(os.path.join(d, "f"), "w") as f:
        f.write("x")
print(os.path.exists(d))
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as f:
    f.write("hello")
    f.flush()
    print(f.name.endswith(".txt"), open(f.name).read())
    f.seek(0)
    print(f.read())
print(os.path.exists(f.name))
fd, path = tempfile.mkstemp()
os.close(fd)
print(os.path.exists(path))
os.unlink(path)

print(shlex.split("a 'b c' \"d \\\" e\" f\\ g '' #x"))
print(shlex.split("a # b", comments=True), shlex.split(""))
for bad in ("'a", 'b"', "c\\"):
    try:
        shlex.split(bad)
    except ValueError as e:
        print(e)
print(shlex.quote("it's"), shlex.quote("plain"), shlex.quote(""), shlex.join(["a", "b c"]))
