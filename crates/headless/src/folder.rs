//! Real folders: into the student's home, and back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use layerlab_lab::HomeFile;

use crate::usage::{Failure, Result, reason};

fn failed(path: &Path, e: &std::io::Error) -> Failure {
    Failure::Failed(format!("{}: {}", path.display(), reason(e)))
}

/// All files, folders and links below a folder, links not followed, in the order of their names.
pub(crate) fn read(dir: &Path) -> Result<Vec<HomeFile>> {
    let mut files = Vec::new();
    let mut todo: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(&at).map_err(|e| failed(&at, &e))? {
            let path = entry.map_err(|e| failed(&at, &e))?.path();
            let meta = fs::symlink_metadata(&path).map_err(|e| failed(&path, &e))?;
            let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned();
            let data = if meta.is_dir() {
                Vec::new()
            } else if meta.is_symlink() {
                let target = fs::read_link(&path).map_err(|e| failed(&path, &e))?;
                target.to_string_lossy().into_owned().into_bytes()
            } else if meta.is_file() {
                fs::read(&path).map_err(|e| failed(&path, &e))?
            } else {
                continue;
            };
            files.push(HomeFile { path: name, mode: meta.permissions().mode() & 0o170_777, data });
            if meta.is_dir() {
                todo.push(path);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Writes files below a folder. A link that is in the way is never followed: as the file itself it
/// is replaced, as a folder on the way it is an error.
pub(crate) fn write(dir: &Path, files: &[HomeFile]) -> Result<()> {
    fs::create_dir_all(dir).map_err(|e| failed(dir, &e))?;
    for f in files {
        let mut at = dir.to_owned();
        let parts: Vec<&str> = f.path.split('/').collect();
        for (i, part) in parts.iter().enumerate() {
            if matches!(*part, "" | "." | "..") {
                return Err(Failure::Failed(format!("{}: not a path within the home folder", f.path)));
            }
            at.push(part);
            let last = i + 1 == parts.len();
            match fs::symlink_metadata(&at) {
                Ok(m) if last && (m.is_symlink() || m.is_file()) => {
                    fs::remove_file(&at).map_err(|e| failed(&at, &e))?;
                }
                Ok(m) if !last && m.is_dir() => {}
                Ok(_) => return Err(Failure::Failed(format!("{}: is in the way of {}", at.display(), f.path))),
                Err(_) if last => {}
                Err(_) => fs::create_dir(&at).map_err(|e| failed(&at, &e))?,
            }
        }
        fs::write(&at, &f.data).map_err(|e| failed(&at, &e))?;
        fs::set_permissions(&at, fs::Permissions::from_mode(f.mode & 0o777)).map_err(|e| failed(&at, &e))?;
    }
    Ok(())
}
