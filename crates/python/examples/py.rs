//! Runs a program from a real file against the in-memory system of the tests, for trying things out.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, dead_code, reason = "a tool for the developer's own machine")]

#[path = "../tests/it/os.rs"]
mod os;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut all = Vec::new();
    let mut fs = os::TestOs::new().site_packages();
    fs.stdin = b"first line\nsecond\n".to_vec();
    for a in &args {
        if let Ok(t) = std::fs::read_to_string(a) {
            let name = format!("/app/{}", a.rsplit('/').next().unwrap_or(a));
            fs = fs.file(&name, t);
            all.push(name);
        } else {
            all.push(a.clone());
        }
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let o = fs.run(&all);
    print!("{}", o.stdout);
    eprint!("{}", o.stderr);
    std::process::exit(o.code);
}
