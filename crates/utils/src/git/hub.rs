//! `githost`: a machine of the simulated internet that keeps git repositories. It speaks the "dumb"
//! protocol (gitprotocol-http(5): files of a bare repository), and gives out files and archives of
//! a commit. One process a connection, which is its standard input and output; TLS first.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use layerlab_kernel::SimTime;
use layerlab_kernel::net::tls;

use super::fail::Git;
use super::index::Entry;
use super::repo::Repo;
use super::samples::{SAMPLES, Sample};
use crate::cli::{Cli, Run};

/// The way there and back.
const LATENCY: SimTime = SimTime::millis(25);
/// What a request may have before its empty line.
const HEAD: usize = 1 << 14;

struct Answer {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn ok(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: "200 OK", kind, body: body.into() }
    }
    fn not_found() -> Self {
        Self { status: "404 Not Found", kind: "text/plain; charset=utf-8", body: b"Not Found\n".to_vec() }
    }
}

/// Runs it: `githost NAME`.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let name = c.args.first().cloned().unwrap_or_default();
    let _ = c.sys.sleep(LATENCY).await;
    if tls::accept(&c.sys, 0, &[&name]).await.is_none() {
        return Ok(());
    }
    let mut input = Vec::new();
    while let Some(head) = head(c, &mut input).await {
        let mut words = head.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let answer = match method {
            "GET" | "HEAD" => respond(c, &name, target).await.unwrap_or_else(|_| Answer::not_found()),
            _ => Answer { status: "403 Forbidden", ..Answer::not_found() },
        };
        let close = head.to_ascii_lowercase().contains("\r\nconnection: close");
        let mut out = format!(
            "HTTP/1.1 {}\r\nServer: {name}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n",
            answer.status,
            answer.kind,
            answer.body.len(),
            if close { "Connection: close\r\n" } else { "" }
        )
        .into_bytes();
        if method != "HEAD" {
            out.extend(answer.body);
        }
        if c.sys.write_all(1, out).await.is_err() || close {
            break;
        }
    }
    Ok(())
}

/// The next request's lines.
async fn head(c: &Cli, input: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = input.windows(4).position(|w| w == b"\r\n\r\n") {
            let head: Vec<u8> = input.drain(..end + 4).collect();
            return Some(String::from_utf8_lossy(&head).into_owned());
        }
        let more = c.sys.read(0, 4096).await.ok().filter(|m| !m.is_empty() && input.len() < HEAD)?;
        input.extend_from_slice(&more);
    }
}

async fn respond(c: &mut Cli, host: &str, target: &str) -> Git<Answer> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != "." && *p != "..").collect();
    let (Some(owner), Some(name)) = (parts.first(), parts.get(1)) else {
        let list: String = SAMPLES.iter().map(|s| format!("https://{host}/{}.git\n", s.name)).collect();
        return Ok(Answer::ok("text/plain; charset=utf-8", list));
    };
    let full = format!("{owner}/{}", name.trim_end_matches(".git"));
    let Some(repo) = open(c, host, &full).await? else { return Ok(Answer::not_found()) };
    let rest = parts.get(2..).unwrap_or_default();
    match rest {
        [] => Ok(Answer::ok("text/plain; charset=utf-8", format!("git clone https://{host}/{full}.git\n"))),
        ["info", "refs"] => {
            let mut text = String::new();
            for (name, oid) in repo.refs().await {
                text.push_str(&format!("{oid}\t{name}\n"));
            }
            Ok(Answer::ok("text/plain; charset=utf-8", text))
        }
        ["HEAD"] | ["objects", ..] => {
            let kind = if rest.len() == 1 { "text/plain" } else { "application/x-git-loose-object" };
            let file = c.sys.read_file(&format!("{}/{}", repo.git, rest.join("/"))).await;
            Ok(file.map_or_else(|_| Answer::not_found(), |f| Answer::ok(kind, f)))
        }
        ["raw", revision, file @ ..] => {
            let Some(oid) = repo.revision(&format!("{revision}:{}", file.join("/"))).await? else {
                return Ok(Answer::not_found());
            };
            Ok(Answer::ok("text/plain; charset=utf-8", repo.object(&oid).await?.data))
        }
        ["archive", name] => match name.strip_suffix(".tar.gz") {
            Some(revision) => archive(&repo, revision).await,
            None => Ok(Answer::not_found()),
        },
        _ => Ok(Answer::not_found()),
    }
}

/// A repository; one that comes with the machine is made when it is first asked for.
async fn open(c: &mut Cli, host: &str, name: &str) -> Git<Option<Repo>> {
    let git = format!("/srv/{host}/{name}.git");
    let is_here = c.sys.stat(&format!("{git}/HEAD")).await.is_ok();
    let sample = SAMPLES.iter().find(|s| s.name == name);
    if !is_here && sample.is_none() {
        return Ok(None);
    }
    let repo = Repo::open(c, String::new(), git.clone(), String::new(), &[]).await;
    if let Some(sample) = sample.filter(|_| !is_here) {
        repo.make_dirs(&format!("{git}/x")).await;
        super::init::make(c, &git, true, "main").await?;
        make(&repo, sample).await?;
    }
    Ok(Some(repo))
}

async fn make(repo: &Repo, sample: &Sample) -> Git<()> {
    for commit in sample.commits {
        let mut files: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        let parent = match commit.after {
            Some(branch) => repo.reference(&format!("refs/heads/{branch}")).await,
            None => None,
        };
        let mut entries = Vec::new();
        for (path, (mode, oid)) in repo.commit_files(parent.as_deref()).await? {
            if !commit.files.iter().any(|f| f.0 == path) {
                entries.push(Entry::new(&path, mode, &oid, None));
            }
        }
        files.extend(commit.files.iter().copied());
        for (path, text) in files {
            let oid = repo.store("blob", text.as_bytes()).await?;
            let mode = if path.ends_with(".sh") { 0o100_755 } else { 0o100_644 };
            entries.push(Entry::new(path, mode, &oid, None));
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let tree = repo.write_tree(&entries).await?;
        let before = parent.map(|p| format!("parent {p}\n")).unwrap_or_default();
        let who = format!("Teacher <teacher@{}> {} +0000", "mail.example", commit.time);
        let text = format!("tree {tree}\n{before}author {who}\ncommitter {who}\n\n{}\n", commit.message);
        let oid = repo.store("commit", text.as_bytes()).await?;
        repo.set_ref(&format!("refs/heads/{}", commit.branch), Some(&oid)).await?;
        if let Some(tag) = commit.tag {
            repo.set_ref(&format!("refs/tags/{tag}"), Some(&oid)).await?;
        }
    }
    Ok(())
}

/// The files of a commit, as `git archive` packs them.
async fn archive(repo: &Repo, revision: &str) -> Git<Answer> {
    let Some(oid) = repo.revision(revision).await? else { return Ok(Answer::not_found()) };
    let commit = repo.commit(&oid).await?;
    let mut tar = tar::Builder::new(Vec::new());
    for (path, (mode, oid)) in repo.files(&commit.tree).await? {
        let data = repo.object(&oid).await?.data;
        let mut header = tar::Header::new_ustar();
        header.set_mode(mode & 0o777);
        header.set_size(data.len() as u64);
        header.set_mtime(u64::try_from(commit.time()).unwrap_or(0));
        // Writing to memory does not fail.
        let _ = tar.append_data(&mut header, &path, data.as_slice());
    }
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    let _ = gz.write_all(&tar.into_inner().unwrap_or_default());
    Ok(Answer::ok("application/gzip", gz.finish().unwrap_or_default()))
}
