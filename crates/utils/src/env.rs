//! `env`: runs a program in a changed environment, or shows the environment.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]",
    "Set each NAME to VALUE in the environment and run COMMAND.",
    "+i|ignore-environment 0|null u|unset= C|chdir= S|split-string= v|debug",
)
.fails(125);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut operands = p.operands.clone();
    if p.has("i") || operands.first().is_some_and(|o| o == "-") {
        c.env.clear();
        operands.retain(|o| o != "-");
    }
    for name in p.values("u") {
        c.env.retain(|(k, _)| *k != name);
    }
    if let Some(text) = p.value("S") {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.append(&mut operands);
        operands = words;
    }
    let command = operands.iter().position(|o| !o.contains('=')).unwrap_or(operands.len());
    let argv = operands.split_off(command);
    for pair in operands {
        if let Some((k, v)) = pair.split_once('=') {
            match c.env.iter_mut().find(|(name, _)| name == k) {
                Some(old) => v.clone_into(&mut old.1),
                None => c.env.push((k.to_owned(), v.to_owned())),
            }
        }
    }
    if let Some(dir) = p.value("C")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return c.die(125, format!("cannot change directory to {}: {e}", quote::always(dir))).await;
    }
    if argv.is_empty() {
        let end = if p.has("0") { '\0' } else { '\n' };
        let text: String = c.env.iter().map(|(k, v)| format!("{k}={v}{end}")).collect();
        return c.put(text).await;
    }
    let name = argv.first().cloned().unwrap_or_default();
    let e = c.become_program(argv).await;
    c.die(if e == Errno::ENOENT { 127 } else { 126 }, format!("{}: {e}", quote::word(&name))).await
}
