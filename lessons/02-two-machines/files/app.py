"""Says where it runs."""
import platform

with open("/etc/os-release") as file:
    system = file.readline().split('"')[1]

print("Hello from", system, "with Python", platform.python_version())
