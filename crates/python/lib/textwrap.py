# textwrap: paragraphs of a given width.
def _words(text):
    out = []
    for part in text.split(" "):
        # A word may be broken after a hyphen between letters.
        start = 0
        for i in range(1, len(part) - 1):
            if part[i] == "-" and part[i - 1].isalpha() and part[i + 1].isalpha() and i - start > 1:
                out.append((part[start:i + 1], False))
                start = i + 1
        out.append((part[start:], True))
    return out


class TextWrapper:
    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True, replace_whitespace=True, fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True, tabsize=8, *, max_lines=None, placeholder=" [...]"):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.break_long_words = break_long_words
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def _chunks(self, text):
        text = "".join([" " if c in "\t\n\x0b\x0c\r" else c for c in text.expandtabs(self.tabsize)])
        chunks = []
        i = 0
        while i < len(text):
            j = i
            space = text[i] == " "
            while j < len(text) and (text[j] == " ") == space:
                j += 1
            part = text[i:j]
            i = j
            if space or not self.break_on_hyphens:
                chunks.append(part)
            else:
                chunks.extend([w for w, _ in _words(part) if w])
        return chunks

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError("invalid width %r (must be > 0)" % self.width)
        chunks = self._chunks(text)
        chunks.reverse()
        lines = []
        while chunks:
            indent = self.subsequent_indent if lines else self.initial_indent
            width = self.width - len(indent)
            line = []
            n = 0
            if chunks[-1].strip() == "" and lines:
                chunks.pop()
            while chunks and n + len(chunks[-1]) <= width:
                n += len(chunks[-1])
                line.append(chunks.pop())
            if chunks and len(chunks[-1]) > width:
                room = max(width - n, 1)
                if self.break_long_words:
                    line.append(chunks[-1][:room])
                    chunks[-1] = chunks[-1][room:]
                elif not line:
                    line.append(chunks.pop())
            if line and line[-1].strip() == "":
                n -= len(line.pop())
            if not line:
                continue
            if self.max_lines is not None and len(lines) + 1 >= self.max_lines and [c for c in chunks if c.strip()]:
                while line:
                    if line[-1].strip() and sum([len(c) for c in line]) + len(self.placeholder) <= width:
                        lines.append(indent + "".join(line) + self.placeholder)
                        break
                    line.pop()
                else:
                    lines.append(indent + self.placeholder.lstrip())
                break
            lines.append(indent + "".join(line))
        return lines

    def fill(self, text):
        return "\n".join(self.wrap(text))


def wrap(text, width=70, **kw):
    return TextWrapper(width, **kw).wrap(text)


def fill(text, width=70, **kw):
    return TextWrapper(width, **kw).fill(text)


def shorten(text, width, **kw):
    return TextWrapper(width, max_lines=1, **kw).fill(" ".join(text.strip().split()))


def dedent(text):
    lines = [line if line.strip(" \t") else "" for line in text.split("\n")]
    margin = None
    for line in lines:
        if not line:
            continue
        lead = line[:len(line) - len(line.lstrip(" \t"))]
        if margin is None:
            margin = lead
        while not lead.startswith(margin):
            margin = margin[:-1]
    n = len(margin or "")
    return "\n".join([line[n:] for line in lines])


def indent(text, prefix, predicate=None):
    if predicate is None:
        predicate = lambda line: line.strip()
    return "".join([prefix + line if predicate(line) else line for line in text.splitlines(True)])
