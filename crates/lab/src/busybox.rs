//! `busybox`: one program, and a name for each of its applets (`busybox ls`, or a link called `ls`).
//! It stands here because only the composition root knows both shell and utilities.

use layerlab_kernel::{Program, ProgramArgs, Start, async_program};

fn applet(name: &str) -> Option<Start> {
    let all = layerlab_utils::PROGRAMS.iter().chain(layerlab_shell::PROGRAMS);
    let name = if name == "ash" { "sh" } else { name };
    all.filter(|(n, _)| *n != "bash").find(|(n, _)| *n == name).map(|(_, start)| *start)
}

/// Starts the applet that `argv[0]` names, or `argv[1]` where that is `busybox` itself.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    let mut argv = args.argv.clone();
    if args.name() == "busybox" && argv.len() > 1 {
        argv.remove(0);
    }
    let name = argv.first().map_or("", |a| a.rsplit('/').next().unwrap_or(a)).trim_start_matches('-').to_owned();
    let variant = if matches!(name.as_str(), "sh" | "ash") { "ash" } else { "busybox" };
    match applet(&name) {
        Some(start) => start(ProgramArgs { argv, variant: variant.to_owned(), ..args }),
        None => async_program(args, move |sys, _| async move {
            sys.eprint(format!("{name}: applet not found\n")).await;
            127
        }),
    }
}
