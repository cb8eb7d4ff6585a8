//! The Python sources that belong to the interpreter.

/// Run at a machine's start, in this order, in one namespace.
pub(crate) const PRELUDE: &[(&str, &str)] =
    &[("<prelude>", include_str!("../lib/prelude.py")), ("<io>", include_str!("../lib/prelude_io.py"))];

/// A frozen module's source, and whether it is a package.
pub(crate) fn module(name: &str) -> Option<(&'static str, bool)> {
    MODULES.iter().find(|m| m.0 == name).map(|m| (m.1, m.2))
}

macro_rules! frozen {
    ($($name:literal $file:literal $package:literal;)*) => {
        const MODULES: &[(&str, &str, bool)] = &[$(($name, include_str!(concat!("../lib/", $file)), $package)),*];
    };
}

frozen! {
    "__future__" "__future__.py" false;
    "abc" "abc.py" false;
    "argparse" "argparse.py" false;
    "atexit" "atexit.py" false;
    "base64" "base64.py" false;
    "bisect" "bisect.py" false;
    "collections" "collections.py" false;
    "contextlib" "contextlib.py" false;
    "copy" "copy.py" false;
    "csv" "csv.py" false;
    "dataclasses" "dataclasses.py" false;
    "datetime" "datetime.py" false;
    "enum" "enum.py" false;
    "errno" "errno.py" false;
    "functools" "functools.py" false;
    "glob" "glob.py" false;
    "hashlib" "hashlib.py" false;
    "heapq" "heapq.py" false;
    "html" "html.py" false;
    "http" "http/__init__.py" true;
    "http.client" "http/client.py" false;
    "http.server" "http/server.py" false;
    "io" "io.py" false;
    "itertools" "itertools.py" false;
    "json" "json/__init__.py" true;
    "json.tool" "json/tool.py" false;
    "logging" "logging.py" false;
    "math" "math.py" false;
    "operator" "operator.py" false;
    "os" "os.py" false;
    "pathlib" "pathlib.py" false;
    "platform" "platform.py" false;
    "posixpath" "posixpath.py" false;
    "queue" "queue.py" false;
    "random" "random.py" false;
    "re" "re.py" false;
    "secrets" "secrets.py" false;
    "select" "select.py" false;
    "shlex" "shlex.py" false;
    "shutil" "shutil.py" false;
    "signal" "signal.py" false;
    "socket" "socket.py" false;
    "socketserver" "socketserver.py" false;
    "sqlite3" "sqlite3.py" false;
    "string" "string.py" false;
    "subprocess" "subprocess.py" false;
    "tempfile" "tempfile.py" false;
    "textwrap" "textwrap.py" false;
    "threading" "threading.py" false;
    "time" "time.py" false;
    "traceback" "traceback.py" false;
    "types" "types.py" false;
    "typing" "typing.py" false;
    "urllib" "urllib/__init__.py" true;
    "urllib.error" "urllib/error.py" false;
    "urllib.parse" "urllib/parse.py" false;
    "urllib.request" "urllib/request.py" false;
    "uuid" "uuid.py" false;
    "venv" "venv.py" false;
    "warnings" "warnings.py" false;
    "zoneinfo" "zoneinfo.py" false;
}
