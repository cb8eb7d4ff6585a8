//! What is installed: `list`, `freeze`, `show`, `check`; and `cache`, `index`.

use layerlab_kernel::FileType;

use super::environment::{Environment, Installed};
use super::requirement::{Requirement, normalize};
use super::resolve::Project;
use super::version::Version;
use super::{Options, files};

/// `pip list`.
pub(crate) async fn list(env: &Environment, o: &Options) -> i32 {
    let newest = |i: &Installed| Some(Project::find(&i.name)?.versions.split(' ').next_back()?.to_owned());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for i in env.installed().await.values() {
        let mut row = vec![i.name.clone(), i.version.clone()];
        if o.has("--outdated") {
            match newest(i) {
                Some(n) if n != i.version => row.extend([n, "wheel".to_owned()]),
                _ => continue,
            }
        }
        rows.push(row);
    }
    rows.sort_by_key(|r| r[0].to_lowercase());
    match o.value("--format") {
        Some("freeze") => {
            for r in rows {
                env.say(&format!("{}=={}", r[0], r[1])).await;
            }
        }
        Some("json") => {
            let all: Vec<String> =
                rows.iter().map(|r| format!("{{\"name\": \"{}\", \"version\": \"{}\"}}", r[0], r[1])).collect();
            env.say(&format!("[{}]", all.join(", "))).await;
        }
        _ if rows.is_empty() => {}
        _ => {
            let mut head = vec!["Package".to_owned(), "Version".to_owned()];
            if o.has("--outdated") {
                head.extend(["Latest".to_owned(), "Type".to_owned()]);
            }
            let widths: Vec<usize> =
                (0..head.len()).map(|c| rows.iter().chain([&head]).map(|r| r[c].len()).max().unwrap_or(0)).collect();
            let line = |r: &[String]| {
                let cells: Vec<String> = r.iter().zip(&widths).map(|(t, w)| format!("{t:<w$}")).collect();
                cells.join(" ").trim_end().to_owned()
            };
            env.say(&line(&head)).await;
            let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
            env.say(&rule.join(" ")).await;
            for r in &rows {
                env.say(&line(r)).await;
            }
        }
    }
    0
}

/// `pip freeze`.
pub(crate) async fn freeze(env: &Environment, o: &Options) -> i32 {
    let mut all: Vec<Installed> = env.installed().await.into_values().collect();
    all.retain(|i| o.has("--all") || !matches!(normalize(&i.name).as_str(), "pip" | "setuptools" | "wheel"));
    all.sort_by_key(|i| i.name.to_lowercase());
    for i in all {
        env.say(&format!("{}=={}", i.name, i.version)).await;
    }
    0
}

async fn requires(env: &Environment, i: &Installed) -> Vec<Requirement> {
    let text = env.sys.read_file(&format!("{}/METADATA", i.info)).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let all = files::fields(&text, "Requires-Dist");
    all.iter().filter_map(|r| Requirement::parse(r)).filter(|r| r.only_for.is_none()).collect()
}

/// `pip show`.
pub(crate) async fn show(env: &Environment, o: &Options) -> i32 {
    if o.operands.is_empty() {
        env.error("WARNING: ERROR: Please provide a package name or names.").await;
        return 1;
    }
    let all = env.installed().await;
    let missing: Vec<String> = o.operands.iter().filter(|n| !all.contains_key(&normalize(n))).cloned().collect();
    if !missing.is_empty() {
        env.error(&format!("WARNING: Package(s) not found: {}", missing.join(", "))).await;
    }
    let mut shown = false;
    for i in o.operands.iter().filter_map(|n| all.get(&normalize(n))) {
        if std::mem::replace(&mut shown, true) {
            env.say("---").await;
        }
        let mut needs: Vec<String> = requires(env, i).await.into_iter().map(|r| r.name).collect();
        needs.sort_by_key(|n| n.to_lowercase());
        let mut by = Vec::new();
        for other in all.values() {
            if requires(env, other).await.iter().any(|r| r.key() == normalize(&i.name)) {
                by.push(other.name.clone());
            }
        }
        by.sort_by_key(|n| n.to_lowercase());
        let summary = Project::find(&i.name).map_or("", |p| p.summary);
        let text = format!(
            "Name: {}\nVersion: {}\nSummary: {summary}\nHome-page: \nAuthor: \nAuthor-email: \nLicense: \nLocation: {}\nRequires: {}\nRequired-by: {}",
            i.name,
            i.version,
            i.site,
            needs.join(", "),
            by.join(", ")
        );
        env.say(&text).await;
        if o.has("--files") {
            env.say("Files:").await;
            let record = env.sys.read_file(&format!("{}/RECORD", i.info)).await.unwrap_or_default();
            for line in String::from_utf8_lossy(&record).lines() {
                env.say(&format!("  {}", line.split(',').next().unwrap_or(""))).await;
            }
        }
    }
    i32::from(!shown)
}

/// `pip check`.
pub(crate) async fn check(env: &Environment) -> i32 {
    let all = env.installed().await;
    let mut broken = false;
    for i in all.values() {
        for r in requires(env, i).await {
            match all.get(&r.key()) {
                None => {
                    broken = true;
                    env.say(&format!("{} {} requires {}, which is not installed.", i.name, i.version, r.name)).await;
                }
                Some(have) if !Version::parse(&have.version).is_some_and(|v| r.fits(&v)) => {
                    broken = true;
                    env.say(&format!(
                        "{} {} has requirement {r}, but you have {} {}.",
                        i.name, i.version, have.name, have.version
                    ))
                    .await;
                }
                Some(_) => {}
            }
        }
    }
    if !broken {
        env.say("No broken requirements found.").await;
    }
    i32::from(broken)
}

/// `pip cache dir|info|purge`.
pub(crate) async fn cache(env: &Environment, o: &Options) -> i32 {
    let dir = format!("{}/.cache/pip", env.home);
    let (mut files, mut bytes, mut dirs) = (Vec::new(), 0, Vec::new());
    let mut todo = vec![dir.clone()];
    while let Some(at) = todo.pop() {
        for e in env.sys.read_dir(&at).await.unwrap_or_default() {
            let path = format!("{at}/{}", e.name);
            if e.file_type == FileType::Dir {
                todo.push(path);
            } else {
                bytes += env.sys.stat(&path).await.map_or(0, |s| s.nominal_size);
                files.push(path);
            }
        }
        dirs.push(at);
    }
    match o.operands.first().map(String::as_str) {
        Some("dir") => env.say(&dir).await,
        Some("info") => {
            let text = format!(
                "Package index page cache location (pip v23.3+): {dir}/http-v2\nPackage index page cache size: {}\nNumber of HTTP files: {}",
                files::size(bytes),
                files.len()
            );
            env.say(&text).await;
        }
        Some("purge") if files.is_empty() => env.error("WARNING: No matching packages").await,
        Some("purge") => {
            for f in &files {
                let _ = env.sys.unlink(f).await;
            }
            for d in dirs.iter().rev() {
                let _ = env.sys.rmdir(d).await;
            }
            env.say(&format!("Files removed: {}", files.len())).await;
        }
        _ => {
            env.error("ERROR: Need an action (dir, info, purge) to perform.").await;
            return 1;
        }
    }
    0
}

/// `pip index versions NAME`.
pub(crate) async fn versions(env: &Environment, o: &Options) -> i32 {
    let (Some("versions"), Some(name)) = (o.operands.first().map(String::as_str), o.operands.get(1)) else {
        env.error("ERROR: Need an action (versions) to perform.").await;
        return 1;
    };
    let Some(p) = Project::find(name) else {
        env.error(&format!("ERROR: No matching distribution found for {name}")).await;
        return 1;
    };
    let all: Vec<&str> = p.versions.split(' ').rev().collect();
    env.say(&format!("{name} ({})\nAvailable versions: {}", all[0], all.join(", "))).await;
    0
}
