//! A connection that leaves HTTP, as slow clients see it.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::engine::{Engine, temporary};

/// Sends a request on a connection of its own.
fn send(engine: &Engine, method: &str, path: &str, body: &str, more: &str) -> UnixStream {
    let mut stream = UnixStream::connect(engine.host().trim_start_matches("unix://")).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// The JSON that answers a request.
fn ask(engine: &Engine, method: &str, path: &str, body: &str) -> Json {
    let mut answer = String::new();
    send(engine, method, path, body, "Connection: close\r\n").read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let json = body.find('{').zip(body.rfind('}')).map_or("null", |(from, to)| &body[from..=to]);
    serde_json::from_str(json).unwrap_or_default()
}

/// Waits until an answer is as wanted.
fn until(engine: &Engine, path: &str, wanted: impl Fn(&Json) -> bool) {
    let start = Instant::now();
    while !wanted(&ask(engine, "GET", path, "")) {
        assert!(start.elapsed() < Duration::from_secs(120), "{path} does not become as wanted");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The first read of a client that comes when everything has been sent, and all that is left.
fn read_late(mut stream: UnixStream) -> (String, Vec<u8>) {
    let mut first = [0; 1 << 13];
    let n = stream.read(&mut first).unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    (String::from_utf8_lossy(&first[..n]).into_owned(), rest)
}

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: tcp\r\n";

#[test]
fn who_reads_late_gets_the_head_by_itself_and_all_output_after_it() {
    let dir = temporary("hijack");
    let engine = Engine::start(&dir);
    let image = "/images/create?fromImage=alpine&tag=latest";
    ask(&engine, "POST", image, "");
    let made = ask(&engine, "POST", "/containers/create?name=box", r#"{"Image": "alpine", "Cmd": ["sleep", "1000"]}"#);
    assert!(made["Id"].is_string(), "{made}");
    ask(&engine, "POST", "/containers/box/start", "");

    let request = r#"{"AttachStdout": true, "AttachStderr": true, "Cmd": ["sh", "-c", "echo out; exit 4"]}"#;
    let exec = ask(&engine, "POST", "/containers/box/exec", request)["Id"].as_str().unwrap().to_owned();
    let client = send(&engine, "POST", &format!("/exec/{exec}/start"), "{}", UPGRADE);
    until(&engine, &format!("/exec/{exec}/json"), |e| e["ExitCode"] == 4 && e["Running"] == false);
    let (head, output) = read_late(client);
    assert!(head.starts_with("HTTP/1.1 101 ") && head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(output, b"\x01\0\0\0\0\0\0\x04out\n");

    ask(&engine, "POST", "/containers/create?name=said", r#"{"Image": "alpine", "Cmd": ["echo", "said"]}"#);
    let client = send(&engine, "POST", "/containers/said/attach?stream=1&stdout=1", "", UPGRADE);
    ask(&engine, "POST", "/containers/said/start", "");
    until(&engine, "/containers/said/json", |c| c["State"]["Status"] == "exited");
    let (head, output) = read_late(client);
    assert!(head.starts_with("HTTP/1.1 101 ") && head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(output, b"\x01\0\0\0\0\0\0\x05said\n");
    drop(engine);
    let _ = std::fs::remove_dir_all(dir);
}
