# json.tool: shows JSON as people read it.
import argparse
import json
import sys


def main():
    parser = argparse.ArgumentParser(
        prog="python -m json.tool",
        description="A simple command line interface for json module to validate and pretty-print JSON objects.")
    parser.add_argument("infile", nargs="?", default="-", help="a JSON file to be validated or pretty-printed")
    parser.add_argument("outfile", nargs="?", default=None, help="write the output of infile to outfile")
    parser.add_argument("--sort-keys", action="store_true", default=False,
                        help="sort the output of dictionaries alphabetically by key")
    parser.add_argument("--no-ensure-ascii", dest="ensure_ascii", action="store_false",
                        help="disable escaping of non-ASCII characters")
    parser.add_argument("--json-lines", action="store_true", default=False, help="parse input using the JSON Lines format")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--indent", default=4, type=int, help="separate items with newlines and use this number of spaces for indentation")
    group.add_argument("--tab", action="store_const", dest="indent", const="\t", help="separate items with newlines and use tabs for indentation")
    group.add_argument("--no-indent", action="store_const", dest="indent", const=None, help="separate items with spaces rather than newlines")
    group.add_argument("--compact", action="store_true", help="suppress all whitespace separation (most compact)")
    o = parser.parse_args()
    options = {"sort_keys": o.sort_keys, "indent": o.indent, "ensure_ascii": o.ensure_ascii}
    if o.compact:
        options["indent"] = None
        options["separators"] = (",", ":")
    try:
        if o.infile == "-":
            text = sys.stdin.read()
        else:
            with open(o.infile, encoding="utf-8") as f:
                text = f.read()
        found = [json.loads(line) for line in text.splitlines()] if o.json_lines else [json.loads(text)]
        shown = "".join([json.dumps(x, **options) + "\n" for x in found])
        if o.outfile is None:
            sys.stdout.write(shown)
        else:
            with open(o.outfile, "w", encoding="utf-8") as f:
                f.write(shown)
    except ValueError as e:
        raise SystemExit(e)


if __name__ == "__main__":
    main()
