//! Flask programs: what clients get, what the log says.

use crate::os::TestOs;
use std::path::Path;
use std::process::Command;

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

#[test]
fn a_flask_program_answers_requests() {
    let mut os = TestOs::new().site_packages().file("/app/main.py", APP);
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

/// The real flask's answers, if Python and it are at hand.
fn real(path: &Path) -> Option<String> {
    let ok = Command::new("python3").args(["-c", "import flask"]).output().is_ok_and(|o| o.status.success());
    if !ok {
        return None;
    }
    let home = std::env::temp_dir().join(format!("layerlab-flask-{}", std::process::id()));
    std::fs::create_dir_all(&home).ok()?;
    let copy = home.join(path.file_name()?);
    std::fs::copy(path, &copy).ok()?;
    let o = Command::new("python3").arg(&copy).current_dir(&home).env("TZ", "UTC").output().ok()?;
    let _ = std::fs::remove_dir_all(&home);
    Some(String::from_utf8_lossy(&o.stdout).into_owned())
}

/// `tests/flask_cases/*.out` are the real flask's outputs; `UPDATE=1` writes them.
#[test]
fn programs_get_the_answers_of_the_real_flask() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flask_cases");
    let mut files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|x| x == "py"));
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let out = file.with_extension("out");
        let real = real(&file);
        if let Some(r) = real.as_ref().filter(|_| std::env::var("UPDATE").is_ok()) {
            std::fs::write(&out, r).unwrap();
        }
        let want = real.unwrap_or_else(|| std::fs::read_to_string(&out).unwrap());
        let name = format!("/app/{}", file.file_name().unwrap().to_string_lossy());
        let text = std::fs::read_to_string(&file).unwrap();
        let got = TestOs::new().site_packages().file(&name, text).run(&[&name]);
        let first = want.lines().zip(got.stdout.lines()).find(|(a, b)| a != b);
        assert!(got.stdout == want, "{name}: {first:?}\n{}", got.stderr);
    }
}

const SMALL: &str = "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef hi():\n    app.logger.warning('seen')\n    return 'hi'\n";

#[test]
fn flask_run_finds_the_program_and_serves_it() {
    for args in [
        vec!["-m", "flask", "run", "--host=0.0.0.0", "-p", "8000"],
        vec!["-m", "flask", "--app", "app", "run"],
        vec!["-m", "flask", "--app", "app:app", "run", "--debug"],
    ] {
        let mut os = TestOs::new().site_packages().file("/app/app.py", SMALL);
        os.requests = [get("/")].into_iter().collect();
        let (out, os) = os.run_with(&args, &[], 1_000_000, None);
        assert!(os.answers.first().is_some_and(|a| a.ends_with(b"\r\n\r\nhi")), "{args:?} {}", out.stderr);
        let debug = if args.contains(&"--debug") { "on" } else { "off" };
        assert!(out.stdout.ends_with(&format!("\n * Debug mode: {debug}\n")), "{}", out.stdout);
        assert!(out.stderr.contains("] WARNING in app: seen\n"), "{}", out.stderr);
    }
}

#[test]
fn a_port_in_use_is_told() {
    let mut os = TestOs::new().site_packages().file("/app/main.py", APP);
    os.port_in_use = true;
    let (out, _) = os.run_with(&["main.py"], &[], 1_000_000, None);
    assert_eq!(
        out.stderr,
        "Address already in use\nPort 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.\n"
    );
    assert_eq!((out.stdout.as_str(), out.code), (" * Serving Flask app 'main'\n * Debug mode: off\n", 1));
}

#[test]
fn debug_mode_says_so() {
    let mut os = TestOs::new().site_packages().file("/app/main.py", format!("{SMALL}app.run(debug=True)\n"));
    os.requests = [get("/")].into_iter().collect();
    let (out, _) = os.run_with(&["main.py"], &[], 1_000_000, None);
    assert_eq!(out.stdout, " * Serving Flask app 'main'\n * Debug mode: on\n", "{}", out.stderr);
    assert!(out.stderr.contains("\n * Running on http://127.0.0.1:5000\n"), "{}", out.stderr);
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let out = TestOs::new().site_packages().run(&["-m", "flask", "run"]);
    assert_eq!(out.code, 2);
    assert!(out.stderr.contains("Error: Could not locate a Flask application."), "{}", out.stderr);
}
