//! What parameters hold: special ones, variables, elements.

use layerlab_kernel::Cx;
use layerlab_kernel::sorted::SortedMap;

use super::arith::{self, Scope};
use crate::dialect::Dialect;
use crate::eval::Task;
use crate::eval::{Shell, Slot};
use crate::parse::ast::List;
use crate::vars::Value;

/// A parameter's value or values.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    /// One, or unset.
    One(Option<String>),
    /// All of `$@` (true for `*`).
    Many(Vec<String>, bool),
}

struct ArithScope<'a, 'b, 'c> {
    shell: &'a mut Shell,
    cx: &'b mut Cx<'c>,
}

impl Scope for ArithScope<'_, '_, '_> {
    fn get(&mut self, name: &str, index: Option<&str>) -> Result<Option<String>, String> {
        let slot = Slot { name: name.to_owned(), index: index.map(str::to_owned) };
        let v = self.shell.value_of(&slot, self.cx);
        if v.is_none() && self.shell.opts.has("nounset") && self.shell.dialect.is_bash() {
            return Err(format!("{name}: unbound variable"));
        }
        Ok(v)
    }
    fn number(&mut self, name: &str) -> Option<i64> {
        match &self.shell.vars.get_raw(name).filter(|v| !v.nameref)?.value {
            Value::Str(s) if !(s.len() > 1 && s.trim_start_matches(['-', '+']).starts_with('0')) => s.parse().ok(),
            _ => None,
        }
    }
    fn set(&mut self, name: &str, index: Option<&str>, value: i64) -> Result<(), String> {
        let text = value.to_string();
        if index.is_none() && self.shell.assign_plain(name, &text) {
            return Ok(());
        }
        let slot = Slot { name: name.to_owned(), index: index.map(str::to_owned) };
        if self.shell.assign(&slot, &text, false, self.cx) { Ok(()) } else { Err(String::new()) }
    }
    fn dialect(&self) -> Dialect {
        self.shell.dialect
    }
}

impl Shell {
    /// Evaluates an expression whose expansions have been done.
    pub fn eval_arith(&mut self, text: &str, cx: &mut Cx<'_>) -> Result<i64, String> {
        let cleaned;
        let text = if self.dialect.is_bash() && text.contains(['"', '\'']) {
            cleaned = unquoted(text);
            &cleaned
        } else {
            text
        };
        arith::evaluate(text, &mut ArithScope { shell: self, cx })
    }

    pub(crate) fn arith_message(&self, e: &str) -> String {
        e.to_owned()
    }

    pub(crate) fn push_list_subst(&mut self, list: &std::rc::Rc<List>, cx: &mut Cx<'_>) {
        self.push_subst(Task::List(list.clone()), false, cx);
    }

    pub(crate) fn push_text_subst(&mut self, text: &std::rc::Rc<str>, cx: &mut Cx<'_>) {
        self.push_subst(Task::Text(text.clone()), false, cx);
    }

    /// `~` and `~user`.
    pub fn home(&self, user: &str, cx: &mut Cx<'_>) -> String {
        match user {
            "" => {
                if let Some(h) = self.vars.value("HOME") {
                    return h;
                }
                let uid = cx.ids().0.to_string();
                self.passwd(cx)
                    .into_iter()
                    .find(|f| f.get(2) == Some(&uid))
                    .and_then(|f| f.get(5).cloned())
                    .unwrap_or_else(|| "/".into())
            }
            // Only bash knows them.
            "+" | "-" if !self.dialect.is_bash() => format!("~{user}"),
            "+" => self.vars.value("PWD").unwrap_or_else(|| "~+".into()),
            "-" => self.vars.value("OLDPWD").unwrap_or_else(|| "~-".into()),
            name => self
                .passwd(cx)
                .into_iter()
                .find(|f| f.first().is_some_and(|n| n == name))
                .and_then(|f| f.get(5).cloned())
                .unwrap_or_else(|| format!("~{name}")),
        }
    }

    /// The lines of `/etc/passwd`, by field.
    pub fn passwd(&self, cx: &mut Cx<'_>) -> Vec<Vec<String>> {
        let text = self.read_whole("/etc/passwd", cx).unwrap_or_default();
        String::from_utf8_lossy(&text).lines().map(|l| l.split(':').map(str::to_owned).collect()).collect()
    }

    /// The name of the user who runs the shell.
    pub fn user_name(&self, cx: &mut Cx<'_>) -> String {
        let uid = cx.ids().0.to_string();
        self.passwd(cx)
            .into_iter()
            .find(|f| f.get(2) == Some(&uid))
            .and_then(|f| f.first().cloned())
            .unwrap_or_else(|| "I have no name!".into())
    }

    /// A variable's or element's string.
    pub fn value_of(&self, slot: &Slot, cx: &mut Cx<'_>) -> Option<String> {
        let Some(index) = &slot.index else { return self.scalar(&slot.name, cx) };
        if let Some(all) = self.array_of(&slot.name) {
            let i: usize = index.trim().parse().ok()?;
            return all.get(i).cloned();
        }
        match self.vars.get(&slot.name).map(|v| v.value.clone())? {
            Value::Assoc(a) => a.get(index).cloned(),
            v => {
                let mut copy = self.clone_for_arith();
                let i = copy.eval_arith(index, cx).ok()?;
                match v {
                    Value::Array(a) => {
                        let i = if i < 0 { a.last_key_value().map_or(0, |(k, _)| k + 1) + i } else { i };
                        a.get(&i).cloned()
                    }
                    v if i == 0 || i == -1 => v.scalar(),
                    _ => None,
                }
            }
        }
    }

    /// An index may have variables, but changes of them there are lost: a shell with only those.
    fn clone_for_arith(&self) -> Shell {
        let mut s = Shell::new(self.dialect, &self.name);
        s.vars = self.vars.clone();
        s.params = self.params.clone();
        s
    }

    /// Arrays that the shell keeps itself.
    fn array_of(&self, name: &str) -> Option<Vec<String>> {
        match name {
            "GROUPS" if self.dialect.is_bash() => Some(self.groups.iter().map(ToString::to_string).collect()),
            "PIPESTATUS" if self.dialect.is_bash() => Some(self.pipe_status.iter().map(ToString::to_string).collect()),
            "FUNCNAME" if self.dialect.is_bash() => {
                let mut v: Vec<String> = self.functions.iter().rev().map(ToString::to_string).collect();
                if !v.is_empty() && !self.from_c {
                    v.push("main".into());
                }
                Some(v)
            }
            "BASH_LINENO" if self.dialect.is_bash() => {
                let mut all: Vec<String> = self.call_lines.iter().rev().map(ToString::to_string).collect();
                if !all.is_empty() && !self.from_c {
                    all.push("0".into());
                }
                Some(all)
            }
            "BASH_SOURCE" if self.dialect.is_bash() => {
                let mut all: Vec<String> = self.sources.iter().rev().map(ToString::to_string).collect();
                if !self.from_c && !self.interactive {
                    all.push(self.name.to_string());
                }
                Some(all)
            }
            "DIRSTACK" if self.dialect.is_bash() => Some(
                std::iter::once(self.vars.value("PWD").unwrap_or_default()).chain(self.dirs.iter().cloned()).collect(),
            ),
            "BASH_VERSINFO" if self.dialect.is_bash() => {
                Some(["5", "2", "37", "1", "release", "x86_64-pc-linux-gnu"].map(str::to_owned).to_vec())
            }
            _ => None,
        }
    }

    /// What `$name` gives.
    pub fn scalar(&self, name: &str, cx: &mut Cx<'_>) -> Option<String> {
        let bash = self.dialect.is_bash();
        match name {
            "?" => Some(self.status.to_string()),
            "$" => Some(self.pid.to_string()),
            "!" => self.last_background.map(|p| p.to_string()),
            "#" => Some(self.params.len().to_string()),
            "-" => {
                let mut s = self.opts.letters(self.dialect);
                if bash && self.interactive {
                    s.push('i');
                }
                if self.from_c && bash {
                    s.push('c');
                }
                if self.interactive && !bash {
                    let at = s.find(['I', 'f', 'e']).unwrap_or(s.len());
                    s.insert(at, 'i');
                }
                if self.from_c && self.dialect == Dialect::Ash {
                    // The last of its list comes first; `c` is before these.
                    let at = s.find(['I', 'f', 'e']).unwrap_or(s.len());
                    s.insert(at, 'c');
                }
                Some(s)
            }
            "0" => Some(self.name.to_string()),
            "_" if bash => Some(self.last_arg.clone()),
            n if n.bytes().all(|b| b.is_ascii_digit()) => {
                let i: usize = n.parse().ok()?;
                self.params.get(i.checked_sub(1)?).cloned()
            }
            "RANDOM" if self.dialect != Dialect::Dash => {
                if let Some(n) = self.random.next() {
                    return Some(n.to_string());
                }
                let b = cx.random(2).ok()?;
                Some((u16::from_le_bytes([*b.first()?, *b.get(1)?]) & 0x7fff).to_string())
            }
            "SRANDOM" if bash => {
                let b = cx.random(4).ok()?;
                Some(u32::from_le_bytes([*b.first()?, *b.get(1)?, *b.get(2)?, *b.get(3)?]).to_string())
            }
            "SECONDS" if bash => {
                let since = i64::try_from((cx.now() - self.started).as_millis() / 1000).unwrap_or(0);
                Some((self.seconds + since).to_string())
            }
            "SHELLOPTS" if bash => Some(self.opts.names(true)),
            "BASHOPTS" if bash => Some(self.opts.names(false)),
            "EPOCHSECONDS" if !self.is_dash() => Some((cx.wall_clock() / 1_000_000_000).to_string()),
            "EPOCHREALTIME" if !self.is_dash() => {
                Some(format!("{}.{:06}", cx.wall_clock() / 1_000_000_000, cx.wall_clock() / 1000 % 1_000_000))
            }
            // Debian's dash has none; ash counts the lines of `-c` from 0.
            "LINENO" if self.is_dash() => self.vars.value("LINENO"),
            "LINENO" => Some((self.line - u32::from(!bash && self.from_c && self.line > 0)).to_string()),
            "PPID" => Some(self.ppid.to_string()),
            "BASH_COMMAND" if bash => Some(self.command_text.to_string()),
            "BASHPID" if bash => Some(cx.pid().to_string()),
            "BASH_SUBSHELL" if bash => Some(self.subshell.to_string()),
            "UID" | "EUID" if bash => Some(cx.ids().0.to_string()),
            n => match self.array_of(n) {
                Some(a) => a.first().cloned(),
                None => match element(&self.vars.resolve(n)) {
                    Some(slot) => self.value_of(&slot, cx),
                    None => self.vars.value(n),
                },
            },
        }
    }

    pub(crate) fn values(&self, name: &str, index: Option<&Which>, cx: &mut Cx<'_>) -> Values {
        match (name, index) {
            ("@", _) => Values::Many(self.params.to_vec(), false),
            ("*", _) => Values::Many(self.params.to_vec(), true),
            (n, Some(Which::All(star))) => {
                let all = self.array_of(n).unwrap_or_else(|| match self.vars.get(n) {
                    Some(v) => v.value.all(),
                    None => self.scalar(n, cx).into_iter().collect(),
                });
                Values::Many(all, *star)
            }
            (n, Some(Which::Key(k))) => {
                Values::One(self.value_of(&Slot { name: n.to_owned(), index: Some(k.clone()) }, cx))
            }
            (n, None) => Values::One(self.scalar(n, cx)),
        }
    }

    /// An array's keys.
    pub(crate) fn keys(&self, name: &str) -> Vec<String> {
        match self.array_of(name) {
            Some(a) => (0..a.len()).map(|i| i.to_string()).collect(),
            None => self.vars.get(name).map(|v| v.value.keys()).unwrap_or_default(),
        }
    }

    /// Names of variables that start like this.
    pub(crate) fn names_with(&self, prefix: &str) -> Vec<String> {
        self.vars
            .iter()
            .filter(|(n, v)| n.starts_with(prefix) && v.value != Value::Unset)
            .map(|(n, _)| n.clone())
            .collect()
    }

    /// The whole array by number, for slices.
    pub(crate) fn indexed(&self, name: &str) -> Option<SortedMap<i64, String>> {
        match self.vars.get(name).map(|v| &v.value) {
            Some(Value::Array(a)) => Some((**a).clone()),
            _ => None,
        }
    }
}

/// The element that a name reference may name.
fn element(target: &str) -> Option<Slot> {
    let (name, key) = target.strip_suffix(']')?.split_once('[')?;
    Some(Slot { name: name.to_owned(), index: Some(key.to_owned()) })
}

/// An expression without its double quotes; single ones go only where they are around a subscript.
fn unquoted(text: &str) -> String {
    let mut depth = 0_i32;
    text.chars()
        .filter(|c| {
            depth += i32::from(*c == '[') - i32::from(*c == ']');
            *c != '"' && (*c != '\'' || depth == 0)
        })
        .collect()
}

/// Which element.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    All(bool),
    Key(String),
}
