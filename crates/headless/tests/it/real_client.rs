//! The real docker client against `layerlab engine`, and our own client in the machine: the same
//! session, the same answers.

use std::process::{Command, Stdio};

use crate::engine::{Engine, temporary};

const SESSION: &str = include_str!("../client/session.txt");

/// What a command gave.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    code: i32,
    out: String,
    err: String,
}

/// The commands, and whether their texts are compared.
fn commands() -> Vec<(bool, &'static str)> {
    let lines = SESSION.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(|l| l.strip_prefix("~ ").map_or((true, l), |rest| (false, rest))).collect()
}

fn has_client() -> bool {
    // Clients before 28 word much differently.
    let version = Command::new("docker").args(["version", "--format", "{{.Client.Version}}"]).output();
    let text = version.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    text.split('.').next().and_then(|v| v.parse::<u32>().ok()).is_some_and(|v| v >= 28)
}

fn with_real_client(list: &[(bool, &str)]) -> Vec<Outcome> {
    let dir = temporary("real-client");
    let engine = Engine::start(&dir);
    let mut outcomes = Vec::new();
    for (_, command) in list {
        let done = Command::new("sh")
            .args(["-c", command])
            .env("DOCKER_HOST", engine.host())
            .env("HOME", &dir)
            .env_remove("DOCKER_CONFIG")
            .env_remove("DOCKER_CONTEXT")
            .current_dir(&dir)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let (code, out, err) = (done.status.code().unwrap_or(-1), text(&done.stdout), text(&done.stderr));
        outcomes.push(Outcome { code, out, err });
    }
    drop(engine);
    let _ = std::fs::remove_dir_all(dir);
    outcomes
}

fn with_own_client(list: &[(bool, &str)]) -> Vec<Outcome> {
    let dir = temporary("own-client");
    let mut script = "mkdir w; cd w\n".to_owned();
    for (i, (_, command)) in list.iter().enumerate() {
        script.push_str(&format!("{{ {command}\n}} >../out.{i} 2>../err.{i} </dev/null; echo $? >../code.{i}\n"));
    }
    std::fs::write(dir.join("session.sh"), &script).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_layerlab"))
        .args(["sh", "--out"])
        .arg(dir.join("home"))
        .arg(dir.join("session.sh"))
        .status()
        .unwrap();
    assert!(status.code().is_some());
    let read = |name: String| {
        std::fs::read(dir.join("home").join(name)).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()
    };
    let outcomes = (0..list.len())
        .map(|i| Outcome {
            code: read(format!("code.{i}")).trim().parse().unwrap_or(-1),
            out: read(format!("out.{i}")),
            err: read(format!("err.{i}")),
        })
        .collect();
    let _ = std::fs::remove_dir_all(&dir);
    outcomes
}

/// Ids, process numbers, times and the width of columns are no part of the comparison.
fn normal(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let words: Vec<String> = line.split_whitespace().map(word).collect();
        let mut line = words.join(" ");
        for age in ["Less than N second", "About N minute", "N seconds", "N second", "N minutes", "N minute"] {
            line = line.replace(age, "AGE");
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// A word with its numbers taken out where they are of this run: in hexadecimal ids, addresses of
/// interfaces, times of the day, ages and process numbers.
fn word(word: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in word.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_alphanumeric() {
            run.push(c);
            continue;
        }
        let hex = run.len() >= 12 && run.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        out.push_str(if hex { "ID" } else { &run });
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    let bare = out.trim_matches(|c| c == '"' || c == ',');
    let time = bare.contains(':')
        && bare.chars().any(|c| c.is_ascii_digit())
        && bare.chars().all(|c| "0123456789:-TZ.".contains(c));
    let mac = bare.split(':').count() == 6;
    let date = bare.split('-').count() == 3 && bare.chars().all(|c| c.is_ascii_digit() || c == '-');
    match out.as_str() {
        "a" | "an" => "N".to_owned(),
        _ if time || mac || date => "TIME".to_owned(),
        number if number.chars().all(|c| c.is_ascii_digit()) && !number.is_empty() => "N".to_owned(),
        _ => out,
    }
}

#[test]
fn the_real_client_and_ours_get_the_same_answers() {
    if !has_client() {
        println!("skipped: no docker client from 28 on is installed");
        return;
    }
    let list = commands();
    assert!(list.len() >= 200, "the session has {} commands", list.len());
    let (real, own) = (with_real_client(&list), with_own_client(&list));
    let mut wrong = Vec::new();
    for (((compare, command), real), own) in list.iter().zip(&real).zip(&own) {
        let texts = |o: &Outcome| (normal(&o.out), normal(&o.err));
        if real.code != own.code || (*compare && texts(real) != texts(own)) {
            wrong.push(format!("$ {command}\nreal: {real:?}\nown:  {own:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), list.len(), wrong.join("\n\n"));
}
