//! What runs in the place of a program that an image has and this machine has not: it tells its version,
//! and to anything else that it is not here.

use layerlab_kernel::{Program, ProgramArgs, async_program};

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        if let Some(line) = version(&args) {
            return i32::from(sys.write_all(1, line.into_bytes()).await.is_err());
        }
        let name = args.name().to_owned();
        sys.eprint(format!(
            "{name}: Layerlab does not simulate this program yet: its image is here with files, layers and settings, but it cannot run\n"
        ))
        .await;
        127
    })
}

/// What it answers to the question for its version, where that follows from the image's.
fn version(args: &ProgramArgs) -> Option<String> {
    let [program, option] = args.argv.as_slice() else { return None };
    let (name, version) = (args.name(), &args.variant);
    let asks = |options: &[&str]| options.contains(&option.as_str()) && !version.is_empty();
    Some(match name {
        "node" if asks(&["--version", "-v"]) => format!("v{version}\n"),
        "go" if asks(&["version"]) => format!("go version go{version} linux/amd64\n"),
        "mysql" | "mysqld" | "mysqldump" if asks(&["--version", "-V"]) => {
            // The server names itself by its path.
            let itself = if name == "mysqld" && !program.contains('/') { "/usr/sbin/mysqld" } else { program };
            format!("{itself}  Ver {version} for Linux on x86_64 (MySQL Community Server - GPL)\n")
        }
        "postgres" | "psql" | "pg_dump" if asks(&["--version", "-V"]) => {
            let package = args.var("PG_VERSION").filter(|v| v.contains('-'));
            let package = package.map(|v| format!(" (Debian {v})")).unwrap_or_default();
            format!("{name} (PostgreSQL) {version}{package}\n")
        }
        _ => return None,
    })
}
