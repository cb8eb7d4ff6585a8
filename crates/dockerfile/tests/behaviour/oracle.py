"""Parses Dockerfiles with BuildKit's own Go parser (PyPI `dockerfile`): JSON list of texts in,
JSON list of results out. Run by oracle.rs."""
import json
import sys

import dockerfile


def result(text):
    try:
        commands = dockerfile.parse_string(text)
    except dockerfile.GoParseError as error:
        return {"error": str(error)}
    return {
        "commands": [
            {
                "cmd": command.cmd or "",
                "sub": command.sub_cmd or "",
                "json": command.json,
                "lines": [command.start_line, command.end_line],
                "flags": list(command.flags),
                "value": list(command.value),
                "heredocs": [[doc.name, doc.content] for doc in command.heredocs],
            }
            for command in commands
        ]
    }


json.dump([result(text) for text in json.load(sys.stdin)], sys.stdout)
