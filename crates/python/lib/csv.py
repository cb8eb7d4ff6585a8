# csv: rows of text.
QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = 0, 1, 2, 3


class Error(Exception):
    pass


class Dialect:
    delimiter = ","
    quotechar = '"'
    escapechar = None
    doublequote = True
    skipinitialspace = False
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL
    strict = False


class excel(Dialect):
    pass


class excel_tab(excel):
    delimiter = "\t"


class unix_dialect(Dialect):
    quoting = QUOTE_ALL
    lineterminator = "\n"


_dialects = {"excel": excel, "excel-tab": excel_tab, "unix": unix_dialect}


def register_dialect(name, dialect=None, **options):
    _dialects[name] = _dialect(dialect or excel, options)


def unregister_dialect(name):
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def _dialect(given, options):
    d = get_dialect(given) if isinstance(given, str) else given
    out = Dialect()
    for name in ("delimiter", "quotechar", "escapechar", "doublequote", "skipinitialspace", "lineterminator", "quoting", "strict"):
        setattr(out, name, options.pop(name, getattr(d, name)))
    if options:
        raise TypeError("%r is an invalid keyword argument for this function" % list(options)[0])
    if not isinstance(out.delimiter, str) or len(out.delimiter) != 1:
        raise TypeError('"delimiter" must be a 1-character string')
    return out


class reader:
    def __init__(self, iterable, dialect="excel", **options):
        self._lines = iter(iterable)
        self.dialect = _dialect(dialect, options)
        self.line_num = 0

    def __iter__(self):
        return self

    def __next__(self):
        d = self.dialect
        row, field, quoted, started, was_quoted = [], "", False, False, False
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if not quoted:
                    raise
                if d.strict:
                    raise Error("unexpected end of data")
                row.append(field)
                return row
            if not isinstance(line, str):
                raise Error("iterator should return strings, not %s (the file should be opened in text mode)" % type(line).__name__)
            self.line_num += 1
            i, n = 0, len(line)
            while i < n:
                c = line[i]
                i += 1
                if quoted:
                    if d.escapechar and c == d.escapechar:
                        field += line[i:i + 1]
                        i += 1
                    elif c == d.quotechar:
                        if d.doublequote and line[i:i + 1] == d.quotechar:
                            field += c
                            i += 1
                        else:
                            quoted = False
                    else:
                        field += c
                elif c in "\r\n":
                    break
                elif d.escapechar and c == d.escapechar:
                    field += line[i:i + 1]
                    started = True
                    i += 1
                elif c == d.quotechar and not started and d.quoting != QUOTE_NONE:
                    quoted = started = was_quoted = True
                elif c == d.delimiter:
                    row.append(self._value(field, was_quoted))
                    field, started, was_quoted = "", False, False
                    if d.skipinitialspace:
                        while line[i:i + 1] == " ":
                            i += 1
                else:
                    field += c
                    started = True
            if quoted:
                continue
            if row or started or was_quoted or field:
                row.append(self._value(field, was_quoted))
            return row

    def _value(self, field, was_quoted):
        return float(field) if self.dialect.quoting == QUOTE_NONNUMERIC and not was_quoted else field


class writer:
    def __init__(self, csvfile, dialect="excel", **options):
        self._write = csvfile.write
        self.dialect = _dialect(dialect, options)

    def writerow(self, row):
        d = self.dialect
        cells = []
        row = list(row)
        for v in row:
            text = "" if v is None else (repr(v) if isinstance(v, float) else str(v))
            number = isinstance(v, (int, float)) and not isinstance(v, bool)
            special = any(c in text for c in (d.delimiter, d.quotechar or "", "\r", "\n") if c)
            need = d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not number
            need = need or special or (not text and len(row) == 1)
            if d.quoting == QUOTE_NONE:
                if special:
                    if not d.escapechar:
                        raise Error("need to escape, but no escapechar set")
                    for c in (d.escapechar, d.delimiter, "\r", "\n"):
                        text = text.replace(c, d.escapechar + c)
            elif need:
                q = d.quotechar
                text = q + (text.replace(q, q + q) if d.doublequote else text.replace(q, (d.escapechar or "") + q)) + q
            cells.append(text)
        return self._write(d.delimiter.join(cells) + d.lineterminator)

    def writerows(self, rows):
        for r in rows:
            self.writerow(r)


class DictReader:
    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel", *args, **kwds):
        self._names, self.restkey, self.restval = fieldnames, restkey, restval
        self.reader = reader(f, dialect, *args, **kwds)

    @property
    def fieldnames(self):
        if self._names is None:
            try:
                self._names = next(self.reader)
            except StopIteration:
                pass
        return self._names

    @property
    def line_num(self):
        return self.reader.line_num

    def __iter__(self):
        return self

    def __next__(self):
        names = self.fieldnames
        row = next(self.reader)
        while not row:
            row = next(self.reader)
        d = dict(zip(names, row))
        if len(row) > len(names):
            d[self.restkey] = row[len(names):]
        for k in names[len(row):]:
            d[k] = self.restval
        return d


class DictWriter:
    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel", *args, **kwds):
        self.fieldnames, self.restval, self.extrasaction = fieldnames, restval, extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writer.writerow(self.fieldnames)

    def _row(self, rowdict):
        if self.extrasaction == "raise":
            wrong = [repr(k) for k in rowdict if k not in self.fieldnames]
            if wrong:
                raise ValueError("dict contains fields not in fieldnames: " + ", ".join(wrong))
        return [rowdict.get(k, self.restval) for k in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._row(rowdict))

    def writerows(self, rowdicts):
        for r in rowdicts:
            self.writerow(r)
