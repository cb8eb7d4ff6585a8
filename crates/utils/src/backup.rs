//! What `cp`, `mv`, `ln` and `install` keep of a file that they replace (coreutils, "Backup options").

use layerlab_kernel::FileType;

use crate::cli::{Cli, Parsed, Run, path, quote};

/// How old files are named.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    /// `x.~1~`; `None`: where there are such already.
    numbered: Option<bool>,
    suffix: String,
}

/// What the command line asks for.
pub(crate) async fn wanted(c: &mut Cli, p: &Parsed) -> Run<Option<Backup>> {
    if !p.has("b") && !p.has("backup") && !p.has("S") {
        return Ok(None);
    }
    if p.last_of(&["f", "i", "n"]) == Some("n") {
        return c.usage(1, "options --backup and --no-clobber are mutually exclusive").await;
    }
    let suffix = p.value("S").or(c.var("SIMPLE_BACKUP_SUFFIX")).filter(|s| !s.is_empty()).unwrap_or("~").to_owned();
    let method = p.value("backup").or(c.var("VERSION_CONTROL")).unwrap_or("existing").to_owned();
    let numbered = match method.as_str() {
        "none" | "off" => return Ok(None),
        "numbered" | "t" => Some(true),
        "simple" | "never" => Some(false),
        "existing" | "nil" => None,
        _ => {
            let list = "\nValid arguments are:\n  - ‘none’, ‘off’\n  - ‘simple’, ‘never’\n  - ‘existing’, ‘nil’\n  - ‘numbered’, ‘t’";
            return c.usage(1, format!("invalid argument {} for ‘backup type’{list}", quote::word(&method))).await;
        }
    };
    Ok(Some(Backup { numbered, suffix }))
}

impl Backup {
    /// Moves away what stands at a path, if it is no folder; its new name.
    pub(crate) async fn make(&self, c: &Cli, at: &str) -> Option<String> {
        let stat = c.sys.lstat(at).await.ok().filter(|s| s.file_type != FileType::Dir)?;
        let _ = stat;
        let lead = format!("{}.~", path::base(at));
        let names = c.sys.read_dir(path::dir(at)).await.unwrap_or_default();
        let numbers = names.iter().filter_map(|e| e.name.strip_prefix(&lead)?.strip_suffix('~')?.parse::<u64>().ok());
        let last = numbers.max();
        let to = match (self.numbered, last) {
            (Some(true), n) => format!("{at}.~{}~", n.unwrap_or(0) + 1),
            (None, Some(n)) => format!("{at}.~{}~", n + 1),
            _ => format!("{at}{}", self.suffix),
        };
        c.sys.rename(at, &to).await.ok().map(|()| to)
    }
}
