//! Flask programs: what clients get, what the log says.

use crate::os::TestOs;
use layerlab_python::packages;

const APP: &str = r#"
from flask import Flask, request, jsonify

app = Flask(__name__)

@app.route("/")
def index():
    return "Hallo aus dem Container!\n"

@app.route("/notes/<int:n>")
def note(n):
    return jsonify(id=n, q=request.args.get("q", "none"))

@app.route("/boom")
def boom():
    return 1 / 0

if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
"#;

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost:5000\r\n\r\n").into_bytes()
}

fn site_packages(mut os: TestOs) -> TestOs {
    for p in packages() {
        for (path, text) in p.files {
            os = os.file(&format!("/usr/local/lib/python3.11/site-packages/{path}"), *text);
        }
    }
    os
}

#[test]
fn a_flask_program_answers_requests() {
    let mut os = site_packages(TestOs::new()).file("/app/main.py", APP);
    os.requests = ["/", "/notes/7?q=x", "/missing", "/boom"].iter().map(|p| get(p)).collect();
    let (out, os) = os.run_with(&["main.py"], &[], 1_000_000, None);
    let answers: Vec<String> = os.answers.iter().map(|a| String::from_utf8_lossy(a).into_owned()).collect();
    assert_eq!(out.stdout, " * Serving Flask app 'main'\n * Debug mode: off\n", "{}", out.stderr);
    assert_eq!(
        answers[0],
        "HTTP/1.1 200 OK\r\nServer: Werkzeug/3.0.3 Python/3.11.13\r\nDate: Sat, 21 Nov 2026 20:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 25\r\nConnection: close\r\n\r\nHallo aus dem Container!\n"
    );
    assert!(answers[1].ends_with("{\"id\":7,\"q\":\"x\"}\n"), "{}", answers[1]);
    assert!(answers[2].starts_with("HTTP/1.1 404 NOT FOUND\r\n"), "{}", answers[2]);
    assert!(answers[3].starts_with("HTTP/1.1 500 INTERNAL SERVER ERROR\r\n"), "{}", answers[3]);
    assert!(out.stderr.contains("\n * Running on http://172.17.0.2:5000\n"), "{}", out.stderr);
    assert!(out.stderr.contains("172.17.0.1 - - [21/Nov/2026 20:00:00] \"GET / HTTP/1.1\" 200 -\n"), "{}", out.stderr);
    assert!(
        out.stderr.contains("[2026-11-21 20:00:00,000] ERROR in app: Exception on /boom [GET]\nTraceback"),
        "{}",
        out.stderr
    );
    assert!(out.stderr.contains("ZeroDivisionError: division by zero\n"), "{}", out.stderr);
}

#[test]
fn without_pip_there_is_no_flask() {
    let out = TestOs::new().file("/app/main.py", APP).run(&["main.py"]);
    assert_eq!(
        out.stderr,
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 2, in <module>\n    from flask import Flask, request, jsonify\nModuleNotFoundError: No module named 'flask'\n"
    );
    assert_eq!(out.code, 1);
}
