//! The files of a folder, read at once: what reads lessons needs no disk after that.

use std::collections::BTreeMap;
use std::path::Path;

/// Paths relative to the folder, with `/`, and contents.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// All files below a folder.
    ///
    /// # Errors
    /// The first that cannot be read, with its path.
    #[expect(clippy::disallowed_methods, reason = "lessons come from a real disk; the page does not link this")]
    pub fn of(folder: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        let mut todo = vec![(folder.to_owned(), String::new())];
        while let Some((dir, prefix)) = todo.pop() {
            let wrong = |e: std::io::Error| format!("{}: {e}", dir.display());
            for entry in std::fs::read_dir(&dir).map_err(wrong)? {
                let entry = entry.map_err(wrong)?;
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                let path = entry.path();
                if path.is_dir() {
                    todo.push((path, format!("{name}/")));
                } else {
                    let data = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                    files.insert(name, data);
                }
            }
        }
        Ok(Self(files))
    }

    /// A text file.
    pub fn text(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|data| String::from_utf8_lossy(data).into_owned())
    }

    /// The files below a folder, by their paths in it.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let folder = format!("{folder}/");
        let found = self.0.range(folder.clone()..).take_while({
            let folder = folder.clone();
            move |(path, _)| path.starts_with(&folder)
        });
        found.filter_map(move |(path, data)| Some((path.strip_prefix(&folder)?, data.as_slice())))
    }

    /// The folders at the top.
    pub fn folders(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.0.keys().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
        names.dedup();
        names
    }
}
