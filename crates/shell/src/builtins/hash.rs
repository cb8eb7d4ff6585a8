//! `hash`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    if let Some(at) = argv.iter().position(|a| a == "-p").filter(|_| sh.dialect.is_bash()) {
        let path = argv.get(at + 1).cloned().unwrap_or_default();
        for name in argv.iter().skip(at + 2) {
            sh.hashed.insert(name.clone(), (path.clone(), 0));
        }
        return 0.into();
    }
    let (flags, args) = match super::letters(argv, "rlpdt") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("hash", c, "hash [-lr] [-p pathname] [-dt] [name ...]"),
    };
    if flags.contains(&'r') {
        sh.hashed.clear();
    }
    if args.is_empty() {
        if flags.contains(&'l') {
            let text: String = sh.hashed.iter().map(|(n, (p, _))| format!("builtin hash -p {p} {n}\n")).collect();
            sh.out(text);
        }
        if flags.is_empty() {
            let text: String = if sh.hashed.is_empty() {
                if sh.dialect.is_bash() { "hash: hash table empty\n".into() } else { String::new() }
            } else if sh.dialect.is_bash() {
                "hits\tcommand\n".to_owned()
                    + &sh.hashed.values().map(|(p, h)| format!("{h:>4}\t{p}\n")).collect::<String>()
            } else {
                sh.hashed.values().map(|(p, _)| format!("{p}\n")).collect()
            };
            sh.out(text);
        }
        return 0.into();
    }
    let mut status = 0;
    if flags.contains(&'d') {
        for a in args {
            if sh.hashed.remove(a).is_none() {
                sh.complain_as("hash", &format!("{a}: not found"));
                status = 1;
            }
        }
        return status.into();
    }
    if flags.contains(&'t') {
        for a in args {
            match sh.hashed.get(a).cloned() {
                Some((p, _)) if args.len() > 1 => sh.out(format!("{a}\t{p}\n")),
                Some((p, _)) => sh.out(format!("{p}\n")),
                None => {
                    sh.complain_as("hash", &format!("{a}: not found"));
                    status = 1;
                }
            }
        }
        return status.into();
    }
    for a in args {
        if a.contains('/') || super::find(a, sh.dialect).is_some() {
            continue;
        }
        sh.hashed.remove(a);
        match sh.find_command(cx, a) {
            Ok(Some(p)) => {
                sh.hashed.insert(a.clone(), (p, 0));
            }
            _ => {
                sh.complain_as("hash", &format!("{a}: not found"));
                status = 1;
            }
        }
    }
    status.into()
}
