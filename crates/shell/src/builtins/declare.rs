//! `declare` and `typeset`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{Shell, Slot};
use crate::parse::valid_name;
use crate::vars::Value;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let local = !sh.functions.is_empty();
    declare(sh, cx, argv, local)
}

/// Declares; `local` makes new variables the function's own.
pub(super) fn declare(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String], local: bool) -> Ran {
    let who = argv.first().cloned().unwrap_or_default();
    let (mut on, mut off) = (String::new(), String::new());
    let mut i = 1;
    while let Some(a) = argv.get(i) {
        if a == "--" {
            i += 1;
            break;
        }
        let plus = a.starts_with('+');
        if !(plus || a.starts_with('-')) || a.len() < 2 {
            break;
        }
        let cluster = a.get(1..).unwrap_or("");
        if let Some(c) = cluster.chars().find(|c| !"aAfFgiIlnrtuxp".contains(*c)) {
            return sh.bad_option(
                &who,
                c,
                &format!("{who} [-aAfFgiIlnrtux] [name[=value] ...] or {who} -p [-aAfFilnrtux] [name ...]"),
            );
        }
        if plus {
            off.push_str(cluster);
        } else {
            on.push_str(cluster);
        }
        i += 1;
    }
    let args = argv.get(i..).unwrap_or(&[]);
    let has = |c: char| on.contains(c);
    if has('f') || has('F') {
        if !args.is_empty() && (has('t') || off.contains('t')) {
            for n in args {
                if off.contains('t') {
                    sh.traced_functions.remove(n);
                } else {
                    sh.traced_functions.insert(n.clone());
                }
            }
            return 0.into();
        }
        return functions(sh, args, has('F'));
    }
    if args.is_empty() && on.is_empty() {
        super::set::show(sh);
        return 0.into();
    }
    if args.is_empty() {
        let names: Vec<String> = sh.vars.iter().map(|(n, _)| n.clone()).collect();
        let want: Vec<char> = on.chars().filter(|c| *c != 'p').collect();
        for n in names {
            let a = sh.attributes(&n);
            if want.iter().all(|c| a.contains(*c)) {
                let line = sh.declaration(&n, true);
                sh.out(line + "\n");
            }
        }
        return 0.into();
    }
    let mut status = 0;
    for word in args {
        let (target, value, append) = Shell::split_assignment(word);
        let (name, index) = match target.split_once('[').and_then(|(n, k)| k.strip_suffix(']').map(|k| (n, k))) {
            Some((n, k)) => (n, Some(k.to_owned())),
            None => (target, None),
        };
        if !valid_name(name) {
            sh.not_identifier(&who, word);
            status = 1;
            continue;
        }
        if has('p') {
            if sh.vars.get_raw(name).is_some() {
                let line = sh.declaration(name, true);
                sh.out(line + "\n");
            } else {
                sh.complain_as(&who, &format!("{name}: not found"));
                status = 1;
            }
            continue;
        }
        if local && !has('g') {
            if sh.vars.get_raw(name).is_some_and(|v| v.readonly && !v.nameref) && !sh.vars.is_local(name) {
                sh.complain_as(&who, &format!("{name}: readonly variable"));
                status = 1;
                continue;
            }
            sh.vars.make_local(name, sh.given_to_function(name));
        }
        if has('n') {
            if let Some(t) = value {
                let base = t.split('[').next().unwrap_or(t);
                let text = if t == name && !local {
                    format!("{name}: nameref variable self references not allowed")
                } else if !valid_name(base) {
                    format!("`{t}': invalid variable name for name reference")
                } else {
                    String::new()
                };
                if !text.is_empty() {
                    sh.complain_as(&who, &text);
                    status = 1;
                    continue;
                }
            }
            let v = sh.vars.entry_raw(name);
            v.nameref = true;
            if let Some(t) = value {
                v.value = Value::Str(t.into());
            }
            continue;
        }
        if off.contains('n') {
            sh.vars.entry_raw(name).nameref = false;
            continue;
        }
        let v = sh.vars.entry(name);
        if v.readonly && (value.is_some() || off.contains('r')) {
            sh.complain_as(&who, &format!("{name}: readonly variable"));
            status = 1;
            continue;
        }
        if has('A') && !matches!(v.value, Value::Assoc(_)) {
            v.value = Value::Assoc(Rc::default());
        }
        if has('a') && !matches!(v.value, Value::Array(_)) {
            v.value = match v.value.scalar() {
                Some(s) => Value::Array(Rc::new([(0, s)].into())),
                None => Value::Array(Rc::default()),
            };
        }
        v.integer = (v.integer || has('i')) && !off.contains('i');
        v.lower = (v.lower || has('l')) && !off.contains('l') && !has('u');
        v.upper = (v.upper || has('u')) && !off.contains('u') && !has('l');
        v.export = (v.export || has('x')) && !off.contains('x');
        if let Some(t) = value
            && !sh.assign(&Slot { name: name.to_owned(), index }, t, append, cx)
        {
            status = 1;
        }
        if has('r') {
            sh.vars.entry(name).readonly = true;
        }
    }
    status.into()
}

fn functions(sh: &mut Shell, args: &[String], names_only: bool) -> Ran {
    let names: Vec<String> = if args.is_empty() { sh.funcs.keys().cloned().collect() } else { args.to_vec() };
    let mut status = 0;
    for n in names {
        match sh.funcs.get(&n).cloned() {
            Some(_) if names_only && args.is_empty() => sh.out(format!("declare -f {n}\n")),
            Some(_) if names_only => sh.out(format!("{n}\n")),
            Some(f) => sh.out(crate::print::function(&n, &f) + "\n"),
            None => status = 1,
        }
    }
    status.into()
}
