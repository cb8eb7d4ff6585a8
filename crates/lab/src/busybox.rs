//! `busybox`: one program, and a name for each of its applets (`busybox ls`, or a link called `ls`).
//! It stands here because only the composition root knows shell, utilities and images.

use layerlab_engine::catalog;
use layerlab_kernel::{Program, ProgramArgs, Start, Sys, async_program};

const USAGE: &str = "Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

\tBusyBox is a multi-call binary that combines many common Unix
\tutilities into a single executable.  Most people will create a
\tlink to busybox for each function they wish to use and BusyBox
\twill act like whatever it was invoked as.

Currently defined functions:
";

fn applet(name: &str) -> Option<Start> {
    let all = layerlab_utils::PROGRAMS.iter().chain(layerlab_shell::PROGRAMS);
    let name = if name == "ash" { "sh" } else { name };
    all.filter(|(n, _)| *n != "bash").find(|(n, _)| *n == name).map(|(_, start)| *start)
}

/// Starts the applet that `argv[0]` names, or `argv[1]` where that is `busybox` itself.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    let mut argv = args.argv.clone();
    if args.name() == "busybox" {
        if argv.get(1).is_none_or(|a| a.starts_with("--")) {
            return async_program(args, |sys, args| async move { itself(&sys, &args).await });
        }
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

/// `busybox` without an applet's name: what it is and has (`libbb/appletlib.c`, `busybox_main`).
async fn itself(sys: &Sys, args: &ProgramArgs) -> i32 {
    // Alpine's package has other applets, in other places, than the image `busybox`.
    let paths: Vec<String> = catalog::applets(sys.stat("/etc/alpine-release").await.is_ok());
    let mut names: Vec<&str> = paths.iter().map(|p| p.rsplit('/').next().unwrap_or(p)).collect();
    names.sort_unstable();
    let lines = |list: &[&str]| list.iter().map(|l| format!("{l}\n")).collect::<String>();
    let text = match args.argv.get(1).map(String::as_str) {
        None | Some("--help") => format!(
            "BusyBox v{} multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\n{USAGE}{}",
            args.variant,
            columns(&names)
        ),
        Some("--list") => lines(&names),
        Some("--list-full") => lines(&paths.iter().map(String::as_str).collect::<Vec<_>>()),
        Some("--install") => return install(sys, args, &paths).await,
        Some(other) => {
            sys.eprint(format!("{other}: applet not found\n")).await;
            return 127;
        }
    };
    i32::from(sys.write_all(1, text.into_bytes()).await.is_err())
}

/// Names in lines for 80 columns, a tab first.
fn columns(names: &[&str]) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for name in names {
        let width = name.len() + 2;
        if column + width >= 79 {
            out.push_str(",\n");
            column = 0;
        }
        if column == 0 {
            column = 6;
            out.push('\t');
        } else {
            out.push_str(", ");
        }
        out.push_str(name);
        column += width;
    }
    out.push('\n');
    out
}

/// `--install [-s] [DIR]`: a link for each applet, in its place or in a folder.
async fn install(sys: &Sys, args: &ProgramArgs, paths: &[String]) -> i32 {
    let rest = args.argv.get(2..).unwrap_or_default();
    let soft = rest.first().is_some_and(|a| a == "-s");
    let folder = rest.get(usize::from(soft));
    let mut code = 0;
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let at = folder.map_or_else(|| format!("/{path}"), |dir| format!("{}/{name}", dir.trim_end_matches('/')));
        let made = if soft { sys.symlink("/bin/busybox", &at).await } else { sys.link("/bin/busybox", &at).await };
        if let Err(e) = made {
            sys.eprint(format!("busybox: {at}: {e}\n")).await;
            code = 1;
        }
    }
    code
}
