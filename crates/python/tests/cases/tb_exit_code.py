import sys
print("before")
try:
    sys.exit(3)
except SystemExit as e:
    print("code", e.code)
finally:
    print("finally")
sys.exit("fatal: message")
