"""Tells who runs it, and where."""
import os
import sys

with open(os.path.join(os.path.dirname(__file__), "greeting.txt")) as file:
    print(file.read().strip())
print("Python", ".".join(str(part) for part in sys.version_info[:3]))
print("user", os.getuid())
