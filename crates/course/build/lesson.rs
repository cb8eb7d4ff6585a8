//! A lesson's folder: `lesson.toml`, `de.md`, `en.md`, `files/`, `solutions/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::text::{self, Block, Text};

fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// The lesson as a Rust expression.
pub(crate) fn read(folder: &Path) -> Result<String, String> {
    let slug = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let at = folder.join("lesson.toml");
    let toml: toml::Table = read_text(&at)?.parse().map_err(|e| format!("{}: {e}", at.display()))?;
    let wrong = |what: &str| format!("{}: {what}", at.display());
    let minutes = toml.get("minutes").and_then(toml::Value::as_integer).ok_or_else(|| wrong("minutes is missing"))?;
    let de = text::read(&folder.join("de.md"), &read_text(&folder.join("de.md"))?)?;
    let en = text::read(&folder.join("en.md"), &read_text(&folder.join("en.md"))?)?;
    let shapes = [&de, &en].map(|t| t.blocks.iter().map(Block::shape).collect::<Vec<_>>());
    if let Some((a, b)) = shapes[0].iter().zip(&shapes[1]).find(|(a, b)| a != b) {
        return Err(format!("{}: de.md has {a}, where en.md has {b}", folder.display()));
    }
    if shapes[0].len() != shapes[1].len() {
        return Err(format!("{}: de.md and en.md have different numbers of parts", folder.display()));
    }
    let none = Vec::new();
    let exercises = toml.get("exercise").and_then(toml::Value::as_array).unwrap_or(&none);
    let in_text: Vec<&str> = en.blocks.iter().filter_map(Block::exercise).collect();
    let in_toml: Vec<&str> = exercises.iter().filter_map(|e| e.get("id")?.as_str()).collect();
    if in_text != in_toml {
        return Err(wrong(&format!("exercises {in_toml:?}, but the texts have {in_text:?}")));
    }
    let mut code = String::new();
    let _ = write!(
        code,
        "Lesson {{ slug: {slug:?}, minutes: {minutes}, title: Title {{ de: {:?}, en: {:?} }}, de: {}, en: {}, exercises: &[",
        de.title,
        en.title,
        blocks(&de),
        blocks(&en)
    );
    for e in exercises {
        let id = e.get("id").and_then(toml::Value::as_str).unwrap_or_default();
        let goals = e.get("goal").and_then(toml::Value::as_array).ok_or_else(|| wrong(&format!("{id}: no goals")))?;
        let written = en.blocks.iter().find(|b| b.exercise() == Some(id)).map_or(0, Block::goals);
        if goals.len() != written {
            return Err(wrong(&format!("{id}: {} goals, but the texts list {written}", goals.len())));
        }
        let _ = write!(code, "Exercise {{ id: {id:?}, goals: &[");
        for g in goals {
            let goal =
                g.get("id").and_then(toml::Value::as_str).ok_or_else(|| wrong(&format!("{id}: a goal without id")))?;
            let check = g.get("check").ok_or_else(|| wrong(&format!("{id}: goal {goal} has no check")))?;
            let json = serde_json::to_string(check).map_err(|e| wrong(&e.to_string()))?;
            let _ = write!(code, "Goal {{ id: {goal:?}, check: {json:?} }},");
        }
        let solution = folder.join("solutions").join(format!("{id}.sh"));
        let _ = write!(code, "], solution: {:?} }},", read_text(&solution)?);
    }
    let _ = write!(
        code,
        "], files: {}, saves: {} }}",
        files(&folder.join("files"))?,
        files(&folder.join("solutions/files"))?
    );
    Ok(code)
}

fn blocks(t: &Text) -> String {
    let mut code = String::from("&[");
    for b in &t.blocks {
        let _ = match b {
            Block::Html(html) => write!(code, "Block::Html({html:?}),"),
            Block::Exercise { id, title, html, goals, hints } => {
                write!(
                    code,
                    "Block::Exercise {{ id: {id:?}, title: {title:?}, html: {html:?}, goals: &{goals:?}, hints: &{hints:?} }},"
                )
            }
        };
    }
    code.push(']');
    code
}

/// All files below a folder: path, content.
fn files(dir: &Path) -> Result<String, String> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(d) = todo.pop() {
        let Ok(entries) = std::fs::read_dir(&d) else { continue };
        for path in entries.filter_map(|e| Some(e.ok()?.path())) {
            if path.is_dir() { todo.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    let mut code = String::from("&[");
    for path in found {
        let name = path.strip_prefix(dir).map_err(|e| e.to_string())?.to_string_lossy().into_owned();
        let path = path.canonicalize().map_err(|e| format!("{}: {e}", path.display()))?;
        let _ = write!(code, "({name:?}, include_bytes!({:?})),", path.display().to_string());
    }
    code.push(']');
    Ok(code)
}
