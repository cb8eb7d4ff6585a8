import sys
def f():
    try:
        int("x")
    except ValueError:
        raise SystemError("hidden") from None
try:
    f()
except SystemError as e:
    import traceback
    traceback.print_exc()
    print(traceback.format_exc(), end="")
    print("".join(traceback.format_exception(e)), end="")
    traceback.print_exc(file=sys.stdout)
e = ValueError("with note")
e.add_note("hint: look here")
raise e
