import csv
import io

text = 'name,note\r\nann,"says ""hi"", twice"\r\nbob,"two\nlines"\r\n\r\ncid,\r\n'
for row in csv.reader(io.StringIO(text)):
    print(row)
for row in csv.DictReader(io.StringIO("a;b\n1;2\n3\n4;5;6\n"), delimiter=";"):
    print(row)
out = io.StringIO()
w = csv.writer(out)
w.writerow(["a", 1, 2.5, None, "x,y", 'q"q', "l\nl", ""])
w.writerow([""])
w.writerows([[1, 2], (3, 4)])
print(repr(out.getvalue()))
out = io.StringIO()
d = csv.DictWriter(out, fieldnames=["x", "y"], lineterminator="\n", quoting=csv.QUOTE_ALL)
d.writeheader()
d.writerow({"x": 1, "y": "z"})
print(repr(out.getvalue()))
try:
    d.writerow({"x": 1, "w": 2})
except ValueError as e:
    print(e)
print(list(csv.reader(["a\tb c", "'x y'\tz"], delimiter="\t", quotechar="'")))
print(csv.list_dialects())
with open("/tmp/t.csv", "w", newline="") as f:
    csv.writer(f, dialect="unix").writerow(["p", "q"])
with open("/tmp/t.csv", newline="") as f:
    print(list(csv.reader(f)))
