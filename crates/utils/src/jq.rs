//! `jq`: filters for JSON.

mod arith;
mod ast;
mod builtin;
mod check;
mod eval;
mod format;
mod lex;
mod parse;
mod paths;
mod read;
mod value;

use std::rc::Rc;

use crate::cli::{Cli, Run, Spec, Stop as End};
use ast::Ast;
use check::Scope;
use eval::{Env, Item, Jq, Stop};
use read::Reader;
use value::{Object, Style, Value};

const SPEC: Spec = Spec::new(
    "[OPTIONS] FILTER [FILE]...",
    "Run a filter over JSON texts and print the results as JSON.",
    "a|ascii-output c|compact-output C|color-output M|monochrome-output e|exit-status f|from-file h indent= j|join-output n|null-input \
     r|raw-output raw-output0 R|raw-input s|slurp S|sort-keys tab unbuffered arg argjson slurpfile rawfile args jsonargs seq stream b|binary L=",
)
.fails(2)
.version("jq 1.7.1 (simulated");

/// The program's text, variables, files and arguments behind them.
#[derive(Default)]
struct Line {
    program: Option<String>,
    files: Vec<String>,
    named: Vec<(String, Value)>,
    positional: Vec<Value>,
    rest: Vec<String>,
}

/// Takes options with several values out of a command line.
async fn line(c: &mut Cli, args: Vec<String>) -> Run<Line> {
    let mut l = Line::default();
    let mut args = args.into_iter();
    let (mut mode, mut plain) = ("files", false);
    let mut from_file = false;
    while let Some(a) = args.next() {
        if plain || !a.starts_with('-') || a == "-" {
            if l.program.is_none() && !from_file {
                l.program = Some(a);
            } else {
                match mode {
                    "args" => l.positional.push(Value::text(a)),
                    "jsonargs" => match Reader::new(&a).next() {
                        Ok(Some(v)) => l.positional.push(v),
                        _ => return c.die(2, "Invalid JSON text passed to --jsonargs").await,
                    },
                    _ => l.files.push(a),
                }
            }
            continue;
        }
        match a.as_str() {
            "--" => plain = true,
            "--args" => mode = "args",
            "--jsonargs" => mode = "jsonargs",
            "-f" | "--from-file" => {
                from_file = true;
                let Some(f) = args.next() else { return c.usage(2, "-f takes a parameter").await };
                match c.slurp(&f).await {
                    Ok(b) => {
                        if let Some(p) = l.program.take() {
                            l.files.insert(0, p);
                        }
                        l.program = Some(String::from_utf8_lossy(&b).into_owned());
                    }
                    Err(e) => return c.die(2, format!("error: Could not open {f}: {e}")).await,
                }
            }
            "--arg" | "--argjson" | "--slurpfile" | "--rawfile" => {
                let (Some(name), Some(v)) = (args.next(), args.next()) else {
                    let kind = if a == "--arg" { "--arg varname value" } else { a.as_str() };
                    return c.usage(2, format!("{a} takes two parameters (e.g. {kind})")).await;
                };
                let value = match a.as_str() {
                    "--arg" => Value::text(v),
                    "--argjson" => match Reader::new(&v).next() {
                        Ok(Some(v)) => v,
                        _ => return c.usage(2, "Invalid JSON text passed to --argjson").await,
                    },
                    _ => match c.slurp(&v).await {
                        Ok(b) if a == "--rawfile" => Value::text(String::from_utf8_lossy(&b).into_owned()),
                        Ok(b) => {
                            let text = String::from_utf8_lossy(&b).into_owned();
                            let mut r = Reader::new(&text);
                            let mut all = Vec::new();
                            loop {
                                match r.next() {
                                    Ok(Some(v)) => all.push(v),
                                    Ok(None) => break,
                                    Err(e) => {
                                        return c.die(2, format!("Bad JSON in --slurpfile {name} {v}: {e}")).await;
                                    }
                                }
                            }
                            Value::array(all)
                        }
                        Err(e) => {
                            return c.die(2, format!("Bad JSON in {a} {name} {v}: Could not open {v}: {e}")).await;
                        }
                    },
                };
                l.named.push((name, value));
            }
            "--indent" | "-L" => {
                l.rest.push(a);
                l.rest.extend(args.next());
            }
            _ => l.rest.push(a),
        }
    }
    Ok(l)
}

/// The program below the definitions of the prelude.
fn program(text: &str, scope: Scope, env: Env) -> Result<(Rc<Ast>, Env), String> {
    const PRELUDE: &str = include_str!("jq/prelude.jq");
    let own = parse::parse(text)?;
    let mut names = scope;
    for (n, k) in builtin::NAMES {
        names.function(n, *k);
    }
    let prelude = parse::parse(PRELUDE)?;
    let mut env = env;
    let mut at = prelude;
    while let Ast::Define(f, rest) = &*at.clone() {
        names.function(&f.name, f.parameters.len());
        env = env.with_function(f);
        at = rest.clone();
    }
    names.check(&own)?;
    Ok((own, env))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let mut l = line(c, args).await?;
    let p = c.parse_args(&SPEC, std::mem::take(&mut l.rest)).await?;
    if p.has("h") {
        c.parse_args(&SPEC, vec!["--help".to_owned()]).await?;
    }
    let Some(text) = l.program else {
        c.sys.eprint("Usage:\tjq [OPTIONS] FILTER [FILE]...\n\tjq -h for more information\n").await;
        return Err(End::Code(2));
    };
    let mut named = Object::default();
    for (k, v) in &l.named {
        named.set(k.as_str().into(), v.clone());
    }
    let given = Value::object(vec![
        ("positional", Value::array(l.positional.clone())),
        ("named", Value::Object(Rc::new(named))),
    ]);
    let mut scope = Scope::default().with_var("__prog_args").with_var("ARGS");
    let mut env = Env::new().with_var("ARGS", given);
    for (k, v) in &l.named {
        scope = scope.with_var(k);
        env = env.with_var(k, v.clone());
    }
    let (filter, env) = match program(&text, scope, env) {
        Ok(f) => f,
        Err(e) => {
            let shell = if e.starts_with("syntax") { " (Unix shell quoting issues?)" } else { "" };
            c.sys.eprint(format!("jq: error: {e}{shell} at <top-level>, line 1:\n{text}\njq: 1 compile error\n")).await;
            return Err(End::Code(3));
        }
    };
    let jq = Jq::new(builtin::environment(&c.env), c.sys.wall_clock() as f64 / 1e9, c.zone().await);
    // With -n nothing is read unless the program asks for it.
    if !p.has("n") || text.contains("input") {
        read(c, &jq, &l.files, p.has("R"), p.has("s")).await?;
    }
    let style = Style {
        indent: if p.has("c") { 0 } else { p.value("indent").and_then(|n| n.parse().ok()).unwrap_or(2).min(7) },
        tabs: p.has("tab"),
        sorted: p.has("S"),
        ascii: p.has("a"),
        color: p.last_of(&["C", "M"]) == Some("C"),
    };
    let raw = p.has("r") || p.has("j") || p.has("raw-output0");
    let end = if p.has("j") {
        ""
    } else if p.has("raw-output0") {
        "\0"
    } else {
        "\n"
    };
    let mut last = None;
    let mut first = true;
    loop {
        let input = if p.has("n") {
            if !std::mem::take(&mut first) {
                break;
            }
            Value::Null
        } else {
            let next = jq.inputs.borrow_mut().pop_front();
            match next {
                None => break,
                Some(Ok(v)) => v,
                Some(Err(e)) => {
                    c.flush().await?;
                    c.sys
                        .eprint(
                            format!("jq: error (at <stdin>:0): {e}\n")
                                .replace("jq: error (at <stdin>:0): parse", "jq: parse"),
                        )
                        .await;
                    c.code = 2;
                    break;
                }
            }
        };
        let mut shown = String::new();
        jq.steps.set(0);
        let r = jq.eval(&filter, &env, Item::of(input), &mut |i| {
            match &i.value {
                Value::Text(t) if raw => shown.push_str(t),
                v => v.write(style, 0, &mut shown),
            }
            shown.push_str(end);
            last = Some(i.value);
            Ok(())
        });
        c.put(shown).await?;
        c.sys.charge(layerlab_kernel::SimTime(jq.steps.get() * 200));
        let said = std::mem::take(&mut *jq.said.borrow_mut());
        if !said.is_empty() {
            c.flush().await?;
            c.sys.eprint(said).await;
        }
        match r {
            Ok(()) => {}
            Err(Stop::Halt(code)) => return Err(End::Code(code)),
            Err(Stop::Break(_)) => {
                c.warn("error (at <stdin>:0): break").await;
                c.code = 5;
            }
            Err(Stop::Error(e)) => {
                let text = match &e {
                    Value::Text(t) => format!("error (at <stdin>:0): {t}"),
                    e => format!("error (at <stdin>:0) (not a string): {}", e.show()),
                };
                c.warn(text.replace("<stdin>:0", if p.has("n") { "<unknown>" } else { "<stdin>:0" })).await;
                c.code = 5;
            }
        }
    }
    if p.has("e") && c.code == 0 {
        c.code = match last {
            None => 4,
            Some(v) => i32::from(!v.truth()),
        };
    }
    Ok(())
}

/// Reads all inputs.
async fn read(c: &mut Cli, jq: &Jq, files: &[String], raw: bool, slurp: bool) -> Run<()> {
    let mut text = String::new();
    let files = if files.is_empty() { vec!["-".to_owned()] } else { files.to_vec() };
    for f in &files {
        match c.slurp(f).await {
            Ok(b) => text.push_str(&String::from_utf8_lossy(&b)),
            Err(e) => {
                c.warn(format!("error: Could not open {f}: {e}")).await;
                c.code = 2;
            }
        }
    }
    let mut inputs = jq.inputs.borrow_mut();
    if raw && slurp {
        inputs.push_back(Ok(Value::text(text)));
    } else if raw {
        inputs.extend(text.lines().map(|l| Ok(Value::text(l))));
    } else {
        let mut r = Reader::new(&text);
        loop {
            match r.next() {
                Ok(Some(v)) => inputs.push_back(Ok(v)),
                Ok(None) => break,
                Err(e) => {
                    inputs.push_back(Err(format!("parse error: {e}")));
                    break;
                }
            }
        }
        if slurp && !inputs.iter().any(Result::is_err) {
            let all = std::mem::take(&mut *inputs).into_iter().filter_map(Result::ok).collect();
            inputs.push_back(Ok(Value::array(all)));
        } else if slurp {
            inputs.retain(Result::is_err);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_prelude_is_right() {
        assert!(super::program(".", super::check::Scope::default(), super::Env::new()).is_ok());
    }
}
