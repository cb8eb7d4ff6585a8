//! `export` and `readonly`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::escape::{double_quote, sh_quote};
use crate::eval::{Control, Shell};
use crate::parse::valid_name;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let name = argv.first().map_or("export", String::as_str).to_owned();
    let read_only = name == "readonly";
    let allowed = match sh.dialect {
        crate::Dialect::Bash => "afnpA",
        crate::Dialect::Ash => "pn",
        crate::Dialect::Dash => "p",
    };
    let (flags, args) = match super::letters(argv, allowed) {
        Ok(x) => x,
        Err(c) => {
            return sh.bad_option(
                &name,
                c,
                if read_only {
                    "readonly [-aAf] [name[=value] ...] or readonly -p"
                } else {
                    "export [-fn] [name[=value] ...] or export -p"
                },
            );
        }
    };
    if args.is_empty() {
        list(sh, read_only);
        return 0.into();
    }
    let mut status = 0;
    for word in args {
        if flags.contains(&'f') {
            if !sh.funcs.contains_key(word) {
                sh.complain_as(&name, &format!("{word}: not a function"));
                status = 1;
            } else if flags.contains(&'n') {
                sh.exported_functions.remove(word);
            } else if !read_only {
                sh.exported_functions.insert(word.clone());
            }
            continue;
        }
        let (var, value, append) = Shell::split_assignment(word);
        if !valid_name(var) {
            sh.not_identifier(&name, word);
            status = 1;
            if !sh.dialect.is_bash() {
                sh.jump(Control::Abort);
                return 2.into();
            }
            continue;
        }
        if let Some(v) = value
            && !sh.assign_scalar(var, v, append)
        {
            status = 1;
            if !sh.dialect.is_bash() {
                sh.jump(Control::Abort);
                return 2.into();
            }
            continue;
        }
        let entry = sh.vars.entry(var);
        if flags.contains(&'A') && value.is_none() && entry.value == crate::vars::Value::Unset {
            entry.value = crate::vars::Value::Assoc(std::rc::Rc::default());
        }
        if read_only {
            entry.readonly = true;
        } else {
            entry.export = !flags.contains(&'n');
        }
    }
    status.into()
}

fn list(sh: &mut Shell, read_only: bool) {
    let bash = sh.dialect.is_bash();
    let mut text = String::new();
    for (n, v) in sh.vars.iter().filter(|(_, v)| if read_only { v.readonly } else { v.export }) {
        let word = if read_only { "readonly" } else { "export" };
        if bash {
            text += &(sh.declaration(n, true) + "\n");
        } else {
            match v.value.scalar() {
                Some(s) => text += &format!("{word} {n}={}\n", sh_quote(&s)),
                None => text += &format!("{word} {n}\n"),
            }
        }
    }
    sh.out(text);
}

impl Shell {
    /// The letters of a variable's attributes.
    pub(crate) fn attributes(&self, name: &str) -> String {
        let Some(v) = self.vars.get_raw(name) else { return String::new() };
        let mut s = String::new();
        match v.value {
            crate::vars::Value::Array(_) => s.push('a'),
            crate::vars::Value::Assoc(_) => s.push('A'),
            _ => {}
        }
        for (on, c) in
            [(v.integer, 'i'), (v.nameref, 'n'), (v.lower, 'l'), (v.readonly, 'r'), (v.upper, 'u'), (v.export, 'x')]
        {
            if on {
                s.push(c);
            }
        }
        s
    }

    /// `declare -x NAME="value"`.
    pub(crate) fn declaration(&self, name: &str, _attributes: bool) -> String {
        let a = self.attributes(name);
        let flags = if a.is_empty() { "--".to_owned() } else { format!("-{a}") };
        let Some(v) = self.vars.get_raw(name) else { return String::new() };
        match &v.value {
            crate::vars::Value::Unset => format!("declare {flags} {name}"),
            crate::vars::Value::Str(s) => format!("declare {flags} {name}={}", double_quote(s)),
            crate::vars::Value::Array(m) => {
                let items: Vec<String> = m.iter().map(|(k, v)| format!("[{k}]={}", double_quote(v))).collect();
                format!("declare {flags} {name}=({})", items.join(" "))
            }
            crate::vars::Value::Assoc(m) => {
                let items: String = crate::vars::in_order(m)
                    .into_iter()
                    .map(|(k, v)| {
                        format!(
                            "[{}]={} ",
                            if crate::escape::is_plain(k) { k.clone() } else { double_quote(k) },
                            double_quote(v)
                        )
                    })
                    .collect();
                format!("declare {flags} {name}=({items})")
            }
        }
    }
}
