//! Why a step ran: the first cause, found by comparing with the build before.

pub use layerlab_api::build::Cause;

use super::key::{ContentId, CopyOp, FileId, FileSet, Files, Inputs, Op, RunOp};

/// The first difference between what a step depended on and what it depends on now; the step
/// below it is not looked at.
pub fn compare(old: &Inputs, new: &Inputs, old_text: &str, new_text: &str) -> Option<Cause> {
    let text = || Cause::InstructionChanged { old: old_text.to_owned(), new: new_text.to_owned() };
    match (&old.op, &new.op) {
        (Op::From(a), Op::From(b)) if a != b => {
            Some(Cause::BaseImageMoved { reference: String::new(), old: a.to_string(), new: b.to_string() })
        }
        (Op::From(_), Op::From(_)) => None,
        (Op::Workdir(a), Op::Workdir(b)) => (a != b).then(text),
        (Op::Run(a), Op::Run(b)) => run(a, b).map(|c| c.unwrap_or_else(text)),
        (Op::Copy(a), Op::Copy(b)) => copy(a, b).map(|c| c.unwrap_or_else(text)),
        _ => Some(text()),
    }
}

/// `Some(None)`: the text itself changed.
fn run(a: &RunOp, b: &RunOp) -> Option<Option<Cause>> {
    let definitions = |r: &RunOp| r.mounts.iter().map(|m| m.definition.clone()).collect::<Vec<_>>();
    let same_text = a.command == b.command && a.network == b.network && a.security == b.security;
    if !same_text || definitions(a) != definitions(b) || a.shell.is_empty() != b.shell.is_empty() {
        return Some(None);
    }
    let args = |r: &RunOp| r.args.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    if let Some((name, old, new)) = first_difference(&args(a), &args(b)) {
        return Some(Some(Cause::BuildArgChanged { name, old, new }));
    }
    if let Some((name, old, new)) = first_difference(&a.env, &b.env) {
        return Some(Some(Cause::EnvChanged { name, old, new }));
    }
    let settings = [
        ("SHELL", format!("{:?}", a.shell), format!("{:?}", b.shell)),
        ("USER", a.user.clone(), b.user.clone()),
        ("WORKDIR", a.workdir.clone(), b.workdir.clone()),
    ];
    if let Some((name, old, new)) = settings.into_iter().find(|(_, old, new)| old != new) {
        return Some(Some(Cause::SettingChanged { name: name.to_owned(), old, new }));
    }
    let mut pairs = a.mounts.iter().zip(&b.mounts);
    if let Some(cause) = pairs.find_map(|(x, y)| files(&x.files, &y.files)) {
        return Some(Some(cause));
    }
    // The order of ENV alone.
    (a != b).then_some(None)
}

fn copy(a: &CopyOp, b: &CopyOp) -> Option<Option<Cause>> {
    let rest = |c: &CopyOp| CopyOp { files: FileSet::default(), destination: String::new(), ..c.clone() };
    if rest(a) != rest(b) {
        return Some(None);
    }
    if a.destination != b.destination {
        return Some(None);
    }
    files(&a.files, &b.files).map(Some)
}

fn files(old: &Files, new: &Files) -> Option<Cause> {
    if old == new {
        return None;
    }
    let added: Vec<String> = new.keys().filter(|p| !old.contains_key(*p)).cloned().collect();
    let removed: Vec<String> = old.keys().filter(|p| !new.contains_key(*p)).cloned().collect();
    let both = || new.iter().filter_map(|(p, n)| old.get(p).map(|o| (p, o, n)));
    let changed: Vec<String> = both().filter(|(_, o, n)| o.content != n.content).map(|(p, ..)| p.clone()).collect();
    if added.is_empty() && removed.is_empty() && changed.is_empty() {
        let owner_or_mode = |o: &FileId, n: &FileId| (o.mode, o.uid, o.gid) != (n.mode, n.uid, n.gid);
        return Some(Cause::ModeChanged {
            files: both().filter(|(_, o, n)| owner_or_mode(o, n)).map(|(p, ..)| p.clone()).collect(),
        });
    }
    // A new directory is told by its files, unless it has none.
    let tell = |list: Vec<String>, files: &Files| -> Vec<String> {
        let is_dir = |p: &String| files.get(p).is_some_and(|f| f.content == ContentId::Dir);
        let holds = |p: &String| list.iter().any(|o| o.strip_prefix(p.as_str()).is_some_and(|r| r.starts_with('/')));
        list.iter().filter(|p| !(is_dir(p) && holds(p))).cloned().collect()
    };
    Some(Cause::FilesChanged { changed, added: tell(added, new), removed: tell(removed, old) })
}

type Difference = (String, Option<String>, Option<String>);

fn first_difference(old: &[(String, String)], new: &[(String, String)]) -> Option<Difference> {
    let value = |list: &[(String, String)], k: &str| list.iter().rev().find(|(n, _)| n == k).map(|(_, v)| v.clone());
    let names = new.iter().chain(old).map(|(n, _)| n);
    names.map(|n| (n.clone(), value(old, n), value(new, n))).find(|(_, o, n)| o != n)
}
