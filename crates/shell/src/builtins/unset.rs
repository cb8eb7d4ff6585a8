//! `unset`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{Control, Shell};
use crate::parse::valid_name;
use crate::vars::Value;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "fvn") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("unset", c, "unset [-f] [-v] [-n] [name ...]"),
    };
    let mut status = 0;
    for word in args {
        if flags.contains(&'f') {
            Rc::make_mut(&mut sh.funcs).remove(word);
            continue;
        }
        if let Some((name, key)) = word.split_once('[').and_then(|(n, k)| k.strip_suffix(']').map(|k| (n, k)))
            && sh.dialect.is_bash()
        {
            element(sh, cx, name, key);
            continue;
        }
        if !valid_name(word) {
            if sh.dialect.is_bash() {
                if flags.contains(&'v') {
                    sh.not_identifier("unset", word);
                    status = 1;
                } else {
                    Rc::make_mut(&mut sh.funcs).remove(word);
                }
                continue;
            }
            sh.not_identifier("unset", word);
            sh.jump(Control::Abort);
            return 2.into();
        }
        let name = if flags.contains(&'n') { word.clone() } else { sh.vars.resolve(word).into_owned() };
        match sh.vars.get_raw(&name) {
            Some(v) if v.readonly => {
                if sh.dialect.is_bash() {
                    sh.complain_as("unset", &format!("{word}: cannot unset: readonly variable"));
                    status = 1;
                } else {
                    sh.complain_as("unset", &format!("{word}: is read only"));
                    sh.jump(Control::Abort);
                    return 2.into();
                }
            }
            Some(_) => {
                sh.vars.remove(&name);
                sh.variable_changed(&name);
            }
            None if !flags.contains(&'v') && sh.dialect.is_bash() => {
                Rc::make_mut(&mut sh.funcs).remove(word);
            }
            None => {}
        }
    }
    status.into()
}

fn element(sh: &mut Shell, cx: &mut Cx<'_>, name: &str, key: &str) {
    let key_number = if matches!(sh.vars.get(name).map(|v| &v.value), Some(Value::Array(_))) {
        sh.eval_arith(key, cx).ok()
    } else {
        None
    };
    if (key == "@" || key == "*") && !matches!(sh.vars.get(name).map(|v| &v.value), Some(Value::Assoc(_))) {
        sh.vars.remove(name);
        return;
    }
    if sh.vars.get(name).is_none() {
        return;
    }
    match &mut sh.vars.entry(name).value {
        Value::Assoc(a) => {
            Rc::make_mut(a).remove(key);
        }
        Value::Array(a) => {
            if let Some(i) = key_number {
                let i = if i < 0 { a.last_key_value().map_or(0, |(k, _)| k + 1) + i } else { i };
                Rc::make_mut(a).remove(&i);
            }
        }
        v => {
            if key == "0" {
                *v = Value::Unset;
            }
        }
    }
}
