import sys, os
print(len(sys.argv), os.path.basename(sys.argv[0]), __name__, os.path.basename(__file__))
name = input("Name? ")
print("Hi", name)
for line in sys.stdin: print("line", repr(line))
try: input()
except EOFError as e: print("EOF", e)
print(os.environ.get("NOPE"), os.environ.get("NOPE", "d"), os.getenv("NOPE", 5), "LC_ALL" in os.environ or True)
os.environ["MINE"] = "1"; print(os.environ["MINE"], os.getenv("MINE"))
try: os.environ["MISSING_ONE"]
except KeyError as e: print("KeyError", e)
try: os.environ["X"] = 5
except TypeError as e: print(e)
print(sys.version_info >= (3, 11), sys.version_info[:2], sys.platform, sys.maxsize, os.name, os.sep, sys.byteorder, sys.version.split()[0][:4], type(sys.path).__name__, "json" in sys.modules)
print("a", "b", sep="", end="!\n"); print(); print(*[1, 2], sep=", "); print("to err", file=sys.stderr); sys.stdout.write("w\n"); print("flush", flush=True); sys.stderr.write("e\n")
