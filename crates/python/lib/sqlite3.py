# sqlite3 is not part of Layerlab's Python.
raise ImportError("Layerlab's Python has no sqlite3: use a file, or a database in another container", name="sqlite3")
