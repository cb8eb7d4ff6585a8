//! `curl` against a small server.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::{Kernel, Program, ProgramArgs, SimTime, SockAddr, SockKind, SpawnSpec, async_program};

use crate::machine::{boot_with, run};

/// A server on port 8080 that gives its argument as each answer, whatever is asked.
fn server(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, a| async move {
        let fd = sys.socket(SockKind::Tcp).await.unwrap();
        sys.bind(fd, SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 8080))).await.unwrap();
        sys.listen(fd, 10).await.unwrap();
        let mut n = 1;
        loop {
            let (c, _) = sys.accept(fd).await.unwrap();
            let asked = sys.read(c, 1 << 16).await.unwrap();
            sys.write_file(&format!("/tmp/asked{n}"), asked.to_vec(), 0o644).await.unwrap();
            let answer = a.argv.get(n).or(a.argv.last()).unwrap();
            n += 1;
            if answer == "hang" {
                sys.sleep(SimTime::secs(1000)).await.unwrap();
            }
            sys.write_all(c, answer.as_bytes()).await.unwrap();
            sys.close(c).await.unwrap();
        }
    })
}

fn serving(answers: &[&str]) -> Kernel {
    let mut k = boot_with(&[("server", server)]);
    let argv = std::iter::once("server").chain(answers.iter().copied()).map(str::to_owned).collect();
    k.spawn_outside(&SpawnSpec { argv, ..SpawnSpec::default() }).unwrap();
    let until = k.sys.now + SimTime::millis(10);
    k.run_until(until);
    k
}

fn curl(k: &mut Kernel, line: &str) -> (String, String, i32) {
    let argv: Vec<&str> = line.split(' ').collect();
    let d = run(k, &argv, b"");
    (d.stdout, d.stderr, d.code)
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

#[test]
fn curl_prints_the_body() {
    let mut k = serving(&[OK]);
    assert_eq!(curl(&mut k, "curl -s localhost:8080/x?y=1"), ("hello\n".into(), String::new(), 0));
    let asked = String::from_utf8(k.read_file("/tmp/asked1").unwrap().to_vec()).unwrap();
    assert_eq!(asked, "GET /x?y=1 HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n\r\n");
    let (out, _, _) = curl(&mut k, "curl -si localhost:8080");
    assert_eq!(out, OK);
    let (out, err, _) = curl(&mut k, "curl localhost:8080");
    assert_eq!(out, "hello\n");
    assert!(err.starts_with("  % Total    % Received % Xferd"), "{err}");
    assert!(err.contains("\r100     6  100     6    0     0"), "{err}");
    let (out, _, _) =
        curl(&mut k, "curl -s -o /tmp/got -w %{http_code}:%{size_download}:%{content_type}\\n localhost:8080");
    assert_eq!(out, "200:6:text/plain\n");
    assert_eq!(*k.read_file("/tmp/got").unwrap(), b"hello\n");
}

#[test]
fn curl_sends_data_and_headers() {
    let mut k = serving(&[OK]);
    curl(&mut k, "curl -s -u me:secret -H X-A:1 -d a=1 -d b=2 http://localhost:8080/p");
    let asked = String::from_utf8(k.read_file("/tmp/asked1").unwrap().to_vec()).unwrap();
    assert_eq!(
        asked,
        "POST /p HTTP/1.1\r\nHost: localhost:8080\r\nAuthorization: Basic bWU6c2VjcmV0\r\nUser-Agent: curl/8.14.1\r\n\
         Accept: */*\r\nX-A: 1\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1&b=2"
    );
}

#[test]
fn curl_reads_chunks_and_follows_redirections() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndef\n\r\n0\r\n\r\n";
    let moved = "HTTP/1.1 302 FOUND\r\nLocation: /there\r\nContent-Length: 4\r\n\r\ngone";
    let mut k = serving(&[moved, chunked, moved]);
    assert_eq!(curl(&mut k, "curl -sL localhost:8080/here"), ("abcdef\n".into(), String::new(), 0));
    let asked = String::from_utf8(k.read_file("/tmp/asked2").unwrap().to_vec()).unwrap();
    assert!(asked.starts_with("GET /there HTTP/1.1\r\n"));
    assert_eq!(curl(&mut k, "curl -s localhost:8080").0, "gone");
}

#[test]
fn curl_says_why_it_failed() {
    let missing = "HTTP/1.1 404 NOT FOUND\r\nContent-Length: 4\r\n\r\nnope";
    let mut k = serving(&[missing, "", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "junk", "hang"]);
    let mut fails = |line: &str| {
        let (_, err, code) = curl(&mut k, line);
        (err.trim_end().to_owned(), code)
    };
    assert_eq!(fails("curl -sSf localhost:8080"), ("curl: (22) The requested URL returned error: 404".into(), 22));
    assert_eq!(fails("curl -sS localhost:8080"), ("curl: (52) Empty reply from server".into(), 52));
    assert_eq!(fails("curl -sS localhost:8080"), ("curl: (18) end of response with 5 bytes missing".into(), 18));
    assert_eq!(fails("curl -sS localhost:8080"), ("curl: (1) Received HTTP/0.9 when not allowed".into(), 1));
    let (err, code) = fails("curl -sS -m 2 localhost:8080");
    assert!(err.starts_with("curl: (28) Operation timed out after 200"), "{err}");
    assert!(err.ends_with("milliseconds with 0 bytes received"), "{err}");
    assert_eq!(code, 28);
    let refused = "curl: (7) Failed to connect to localhost port 81 after 0 ms: Could not connect to server";
    assert_eq!(fails("curl -sS localhost:81"), (refused.into(), 7));
    assert_eq!(fails("curl -sS http://nope/"), ("curl: (6) Could not resolve host: nope".into(), 6));
    assert_eq!(fails("curl -s http://nope/"), (String::new(), 6));
    assert_eq!(fails("curl -sS foo://x"), ("curl: (1) Protocol \"foo\" not supported".into(), 1));
}

#[test]
fn wget_fetches_to_output_and_files() {
    let missing = "HTTP/1.1 404 NOT FOUND\r\nContent-Length: 4\r\n\r\nnope";
    let mut k = serving(&[OK, OK, missing]);
    assert_eq!(curl(&mut k, "wget -qO- localhost:8080/x"), ("hello\n".into(), String::new(), 0));
    let (_, err, code) = curl(&mut k, "wget http://localhost:8080/file");
    assert!(
        err.contains("HTTP request sent, awaiting response... 200 OK\nLength: 6 [text/plain]\nSaving to: 'file'\n"),
        "{err}"
    );
    assert!(err.ends_with(" - 'file' saved [6/6]\n\n"), "{err}");
    assert_eq!((code, k.read_file("/t/file").unwrap().to_vec()), (0, b"hello\n".to_vec()));
    let (_, err, code) = curl(&mut k, "wget http://127.0.0.1:8080/nope");
    assert!(err.ends_with(" ERROR 404: NOT FOUND.\n\n"), "{err}");
    assert_eq!(code, 8);
    let (_, err, code) = curl(&mut k, "wget http://127.0.0.1:1/");
    assert!(err.ends_with("Connecting to 127.0.0.1:1... failed: Connection refused.\n"), "{err}");
    assert_eq!(code, 4);
    let (_, err, _) = curl(&mut k, "wget http://nope/");
    assert!(
        err.ends_with("failed: Name or service not known.\nwget: unable to resolve host address 'nope'\n"),
        "{err}"
    );
}
