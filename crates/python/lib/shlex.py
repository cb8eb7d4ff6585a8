# shlex: words as a POSIX shell would part them.
import re

_unsafe = re.compile(r"[^\w@%+=:,./-]")


def split(s, comments=False, posix=True):
    words, word, quote, i = [], None, None, 0
    while i < len(s):
        c = s[i]
        i += 1
        if quote == "'":
            if c == "'":
                quote = None
            else:
                word += c
        elif quote == '"':
            if c == '"':
                quote = None
            elif c == "\\":
                if i >= len(s):
                    raise ValueError("No escaped character")
                if s[i] not in '"\\':
                    word += c
                word += s[i]
                i += 1
            else:
                word += c
        elif c in " \t\r\n":
            if word is not None:
                words.append(word)
                word = None
        elif c == "#" and comments and word is None:
            while i < len(s) and s[i] != "\n":
                i += 1
        elif c in "'\"":
            quote = c
            word = word or ""
        elif c == "\\":
            if i >= len(s):
                raise ValueError("No escaped character")
            word = (word or "") + s[i]
            i += 1
        else:
            word = (word or "") + c
    if quote is not None:
        raise ValueError("No closing quotation")
    if word is not None:
        words.append(word)
    return words


def quote(s):
    if not s:
        return "''"
    if _unsafe.search(s) is None:
        return s
    return "'" + s.replace("'", "'\"'\"'") + "'"


def join(split_command):
    return " ".join([quote(a) for a in split_command])
