//! `awk`: POSIX's language (XCU awk), with what gawk and mawk have in common beyond it.

mod code;
mod expr;
mod format;
mod io;
mod lex;
mod parse;
mod record;
mod text;
mod value;
mod vm;

use crate::cli::{Cli, Run, Spec, Stop};
use code::{ARGC, ARGV, ENVIRON, FS, Slot, Target};
use value::Value;

const SPEC: Spec = Spec::new(
    "[-F value] [-v var=value] [-f program-file | 'program'] [file ...]",
    "Run a program over each line of the files.",
    "+F|field-separator= v|assign= f|file= e|source= W= posix traditional re-interval b|characters-as-bytes S|sandbox",
)
.fails(2)
.version("mawk 1.3.4 20250131 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.value("W") == Some("version") {
        let text = format!("{} ({})\n", c.name.clone(), SPEC.version);
        return c.put(text).await;
    }
    let mut operands = p.operands.clone();
    let mut text = String::new();
    let mut given = false;
    for (name, value) in &p.options {
        match (*name, value) {
            ("f", Some(v)) => match c.slurp(v).await {
                Ok(b) => text.push_str(&String::from_utf8_lossy(&b)),
                Err(e) => return c.die(2, format!("cannot open {v} ({e})")).await,
            },
            ("e", Some(v)) => text.push_str(v),
            _ => continue,
        }
        given = true;
        text.push('\n');
    }
    if !given {
        if operands.is_empty() {
            c.sys.eprint(format!("Usage: {} {}\n", c.name, SPEC.usage)).await;
            return Err(Stop::Code(2));
        }
        text = operands.remove(0);
    }
    let program = match parse::parse(&text) {
        Ok(p) => p,
        Err((line, message)) => return c.die(2, format!("line {line}: {message}")).await,
    };
    let env = c.env.clone();
    let zone = c.zone().await;
    let mut m = vm::Machine::new(c, program, zone);
    if let Value::Array(a) = m.global(ENVIRON) {
        for (k, v) in env {
            a.borrow_mut().set(k.into(), Value::input(v));
        }
    }
    m.set_global(ARGC, Value::Number(operands.len() as f64 + 1.0));
    if let Value::Array(a) = m.global(ARGV) {
        a.borrow_mut().set("0".into(), Value::text("awk"));
        for (i, v) in operands.into_iter().enumerate() {
            a.borrow_mut().set((i + 1).to_string().into(), Value::input(v));
        }
    }
    for (name, value) in &p.options {
        let Some(value) = value else { continue };
        match *name {
            "F" => {
                let fs = if value == "t" { "\t".to_owned() } else { lex::unescape(value) };
                let _ = m.set(Target::Var(Slot::Global(FS)), &Value::Nothing, Value::text(fs));
            }
            "v" if !m.assignment(value) && !value.contains('=') => {
                return m.c.die(2, format!("improper assignment: -v {value}")).await;
            }
            _ => {}
        }
    }
    m.all().await
}
