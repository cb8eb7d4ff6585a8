import argparse


def run(parser, line):
    print("$", line)
    try:
        print(parser.parse_args(line.split()))
    except SystemExit as e:
        print("exit", e.code)


p = argparse.ArgumentParser(prog="greet", description="Says hello to people, as often as you like, in as many words as you want.", epilog="Bye.")
p.add_argument("name", help="who")
p.add_argument("others", nargs="*", help="and whom else")
p.add_argument("-n", "--times", type=int, default=1, help="how often (default: %(default)s)")
p.add_argument("-l", "--loud", action="store_true", help="in capitals, so that people who are far away and have bad ears can hear it too")
p.add_argument("--lang", choices=["de", "en"], default="en")
p.add_argument("-v", "--verbose", action="count", default=0)
p.add_argument("--tag", action="append", metavar="T")
p.add_argument("--pair", nargs=2, type=float)
p.add_argument("--version", action="version", version="%(prog)s 1.0")
for line in ["Ann", "Ann Bob Cid -n 3", "-l Ann --lang de", "-vvl Ann", "--tag a --tag=b Ann", "--pair 1 2.5 Ann", "-n3 Ann", "--times=4 Ann",
             "", "Ann -n x", "Ann --lang fr", "Ann --nope", "--pair 1", "--version", "Ann --ti 5", "--ta x Ann", "-h", "Ann -- -x"]:
    run(p, line)

q = argparse.ArgumentParser(prog="tool")
q.add_argument("--debug", action="store_true")
sub = q.add_subparsers(dest="command", required=True, help="what to do")
a = sub.add_parser("add", help="adds numbers")
a.add_argument("x", type=int)
a.add_argument("y", type=int, nargs="?", default=7)
b = sub.add_parser("list", help="lists")
g = b.add_mutually_exclusive_group()
g.add_argument("--all", action="store_true")
g.add_argument("--none", dest="all", action="store_false")
b.set_defaults(func="show")
for line in ["add 1 2", "add 1", "--debug list --all", "list --all --none", "", "nope", "add x", "add -h", "-h", "list -h"]:
    run(q, line)

r = argparse.ArgumentParser(prog="r", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
s = r.add_argument_group("server", "where it listens")
s.add_argument("--host", default="0.0.0.0", help="address")
s.add_argument("--port", type=int, default=80, help="port")
r.add_argument("rest", nargs=argparse.REMAINDER)
r.print_help()
print(r.parse_known_args(["--port", "8080", "run", "--host", "x"]))
print(argparse.Namespace(a=1, b="x") == argparse.Namespace(a=1, b="x"))
