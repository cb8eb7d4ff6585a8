//! `complete`: keeps what it is told, so that start files load and `complete -p` shows it.
use layerlab_kernel::Cx;

use super::Ran;
use crate::escape::quote_if_needed;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (mut print, mut remove) = (false, false);
    let (mut options, mut names) = (Vec::new(), Vec::new());
    let mut it = argv.iter().skip(1);
    while let Some(a) = it.next() {
        match a.as_str() {
            "-p" => print = true,
            "-r" => remove = true,
            "-o" | "-A" | "-G" | "-W" | "-F" | "-C" | "-X" | "-P" | "-S" => {
                options.push(a.clone());
                options.extend(it.next().cloned());
            }
            a if a.starts_with('-') && a.len() > 1 => options.push(a.to_owned()),
            name => names.push(name.to_owned()),
        }
    }
    let mut status = 0;
    if print || (argv.len() < 2) {
        let all: Vec<String> = if names.is_empty() { sh.completions.keys().cloned().collect() } else { names };
        for n in all {
            match sh.completions.get(&n) {
                Some(o) => {
                    let words: Vec<String> = o.iter().map(|w| quote_if_needed(w)).collect();
                    sh.out(format!("complete {} {n}\n", words.join(" ")));
                }
                None => {
                    sh.complain_as("complete", &format!("{n}: no completion specification"));
                    status = 1;
                }
            }
        }
    } else if remove {
        if names.is_empty() {
            sh.completions.clear();
        }
        for n in names {
            sh.completions.remove(&n);
        }
    } else {
        for n in names {
            sh.completions.insert(n, options.clone());
        }
    }
    status.into()
}
