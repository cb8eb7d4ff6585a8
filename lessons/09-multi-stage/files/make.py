"""Makes a page of the notes in the folder notes."""
import os

notes = []
for name in sorted(os.listdir("notes")):
    with open(os.path.join("notes", name)) as file:
        notes.append(file.read().strip())

items = "".join(f"<li>{note}</li>\n" for note in notes)
os.makedirs("site", exist_ok=True)
with open("site/index.html", "w") as page:
    page.write(f"<!doctype html>\n<title>Notes</title>\n<ul>\n{items}</ul>\n")
print(f"{len(notes)} notes")
