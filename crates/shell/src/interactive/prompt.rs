//! Prompts: bash's backslash sequences.

use layerlab_kernel::Cx;

use crate::eval::Shell;

impl Shell {
    /// Decodes `\u`, `\w` and the others. What they give is quoted against the expansion to come.
    pub(crate) fn decode_prompt(&mut self, ps: &str, cx: &mut Cx<'_>) -> String {
        let mut out = String::new();
        let quote = |s: &str| s.replace('\\', "\\\\").replace('$', "\\$").replace('`', "\\`");
        let secs = cx.wall_clock() / 1_000_000_000;
        let mut it = ps.chars().peekable();
        while let Some(c) = it.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match it.next() {
                Some('u') => out += &quote(&self.user_name(cx)),
                Some('h') => out += cx.uname().map(|u| u.nodename).unwrap_or_default().split('.').next().unwrap_or(""),
                Some('H') => out += &cx.uname().map(|u| u.nodename).unwrap_or_default(),
                Some('w') => out += &quote(&self.short_dir()),
                Some('W') => {
                    let d = self.short_dir();
                    out += &quote(if d == "/" { "/" } else { d.rsplit('/').next().unwrap_or("") });
                }
                Some('$') => out += if cx.ids().0 == 0 { "#" } else { "\\$" },
                Some('[') => out.push('\x01'),
                Some(']') => out.push('\x02'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('a') => out.push('\x07'),
                Some('e') => out.push('\x1b'),
                Some('s') => out += &quote(self.name.trim_start_matches('-').rsplit('/').next().unwrap_or("bash")),
                Some('v') => out += "5.2",
                Some('V') => out += "5.2.37",
                Some('t') => out += &crate::date::strftime("%T", secs, &self.zone(cx)),
                Some('T') => out += &crate::date::strftime("%I:%M:%S", secs, &self.zone(cx)),
                Some('@') => out += &crate::date::strftime("%I:%M %p", secs, &self.zone(cx)),
                Some('A') => out += &crate::date::strftime("%R", secs, &self.zone(cx)),
                Some('d') => out += &crate::date::strftime("%a %b %d", secs, &self.zone(cx)),
                Some('j') => out += &self.jobs.len().to_string(),
                Some('!') => out += &(self.history.len() + 1).to_string(),
                Some('#') => out += &(self.history.len() + 1).to_string(),
                Some('l') => out += "0",
                Some('\\') => out += "\\\\",
                Some(d @ '0'..='7') => {
                    let mut n = d as u32 - '0' as u32;
                    for _ in 0..2 {
                        match it.peek().and_then(|c| c.to_digit(8)) {
                            Some(k) => {
                                n = n * 8 + k;
                                it.next();
                            }
                            None => break,
                        }
                    }
                    out.extend(char::from_u32(n));
                }
                Some(o) => {
                    out.push_str("\\\\");
                    out.push(o);
                }
                None => out.push_str("\\\\"),
            }
        }
        out
    }

    fn short_dir(&self) -> String {
        let pwd = self.vars.value("PWD").unwrap_or_default();
        match self.vars.value("HOME") {
            Some(h) if h.len() > 1 && pwd == h => "~".into(),
            Some(h) if h.len() > 1 && pwd.starts_with(&format!("{h}/")) => {
                format!("~{}", pwd.get(h.len()..).unwrap_or(""))
            }
            _ => pwd,
        }
    }
}
