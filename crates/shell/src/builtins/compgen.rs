//! `compgen`: the names that could complete a word.

use layerlab_kernel::sorted::SortedSet;
use layerlab_kernel::{Cx, FileType};

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (mut found, mut word, mut kinds): (Vec<String>, String, Vec<char>) = (Vec::new(), String::new(), Vec::new());
    let (mut lists, mut globs, mut filter) = (Vec::new(), Vec::new(), None);
    let (mut prefix, mut suffix) = (String::new(), String::new());
    let mut it = argv.iter().skip(1);
    while let Some(a) = it.next() {
        match a.as_str() {
            "-W" => lists.extend(it.next().cloned()),
            "-A" => match it.next().map(String::as_str) {
                Some("function") => kinds.push('F'),
                Some("builtin") => kinds.push('b'),
                Some("alias") => kinds.push('a'),
                Some("command") => kinds.push('c'),
                Some("variable") => kinds.push('v'),
                Some("export") => kinds.push('e'),
                Some("file") => kinds.push('f'),
                Some("directory") => kinds.push('d'),
                Some("keyword") => kinds.push('k'),
                Some("user") => kinds.push('u'),
                Some("job") => kinds.push('j'),
                Some("shopt") => kinds.push('o'),
                Some("signal") => kinds.push('S'),
                _ => {}
            },
            "-P" => prefix = it.next().cloned().unwrap_or_default(),
            "-S" => suffix = it.next().cloned().unwrap_or_default(),
            "-X" => filter = it.next().cloned(),
            "-G" => globs.extend(it.next().cloned()),
            "-o" => {
                it.next();
            }
            "--" => word = it.next().cloned().unwrap_or_default(),
            a if a.starts_with('-') && a.len() > 1 => kinds.extend(a.chars().skip(1)),
            a => a.clone_into(&mut word),
        }
    }
    for l in lists {
        let ifs = sh.ifs();
        found.extend(l.split(|c: char| ifs.contains(c)).filter(|w| !w.is_empty()).map(str::to_owned));
    }
    for k in kinds {
        match k {
            'F' => found.extend(sh.funcs.keys().cloned()),
            'b' => found.extend(super::names(sh.dialect).map(str::to_owned)),
            'a' => found.extend(sh.aliases.keys().cloned()),
            'k' => found.extend(super::type_::KEYWORDS.iter().map(|k| (*k).to_owned())),
            'v' => found.extend(sh.names_with("")),
            'e' => found.extend(sh.vars.environment().into_iter().map(|(n, _)| n)),
            'u' => found.extend(sh.passwd(cx).into_iter().filter_map(|f| f.first().cloned())),
            'c' => found.extend(commands(sh, cx)),
            'j' => found.extend(sh.jobs.iter().map(|j| j.text.split(' ').next().unwrap_or("").to_owned())),
            'o' => found.extend(crate::eval::SHOPT_OPTIONS.iter().map(|o| (*o).to_owned())),
            'S' => found.extend(layerlab_kernel::Signal::ALL.iter().map(|s| format!("SIG{}", s.name()))),
            'f' | 'd' => found.extend(files(sh, cx, &word, k == 'd')),
            _ => {}
        }
    }
    found.retain(|f| f.starts_with(&word));
    for g in globs {
        found.extend(sh.glob(&g, cx));
    }
    if let Some(f) = filter {
        let (keep, f) = f.strip_prefix('!').map_or((false, f.as_str()), |f| (true, f));
        let pattern = sh.pattern(f);
        found.retain(|n| pattern.matches(n) == keep);
    }
    let status = i32::from(found.is_empty());
    let text: String = found.into_iter().map(|f| format!("{prefix}{f}{suffix}\n")).collect();
    sh.out(text);
    status.into()
}

fn commands(sh: &Shell, cx: &mut Cx<'_>) -> Vec<String> {
    let mut all: Vec<String> = sh.aliases.keys().cloned().collect();
    all.extend(super::type_::KEYWORDS.iter().map(|k| (*k).to_owned()));
    all.extend(sh.funcs.keys().cloned());
    all.extend(super::names(sh.dialect).map(str::to_owned));
    let mut programs = SortedSet::new();
    for dir in sh.vars.value("PATH").unwrap_or_default().split(':') {
        let entries = cx.read_dir(if dir.is_empty() { "." } else { dir }).unwrap_or_default();
        programs.extend(entries.into_iter().filter(|e| e.file_type != FileType::Dir).map(|e| e.name));
    }
    all.extend(programs);
    all
}

fn files(sh: &Shell, cx: &mut Cx<'_>, word: &str, only_dirs: bool) -> Vec<String> {
    let pattern = {
        let mut p = String::new();
        crate::expand::pattern::escape_into(word, &mut p);
        p + "*"
    };
    let mut all = sh.glob(&pattern, cx);
    all.retain(|f| !only_dirs || cx.stat(f).is_ok_and(|s| s.file_type == FileType::Dir));
    all
}
