//! The kernel, driven by small programs of its own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod cgroups;
mod datagrams;
mod files;
mod jobs;
mod limits;
mod namespaces;
mod network;
mod permissions;
mod proc;
mod processes;
mod stubs;
mod terminal;
mod time;

use std::rc::Rc;

use layerlab_kernel::vfs::{Dev, FsKind, Inode, Node, Tree};
use layerlab_kernel::{Kernel, ProgramTable, SimTime, SpawnSpec, Start, stub};

/// Wall clock at boot: 2026-11-21 08:00:00 UTC.
pub const BOOT: i64 = 1_795_248_000 * 1_000_000_000;

/// A machine whose `/bin` has the given programs; the first is process 1.
pub fn machine(programs: &[(&'static str, Start)]) -> Kernel {
    let table = ProgramTable::default();
    table.extend(programs);
    let mut root = Tree::new();
    for dir in ["/bin", "/dev", "/etc", "/home/student", "/run", "/tmp"] {
        root.mkdir_all(dir).unwrap();
    }
    for (name, _) in programs {
        root.insert(&format!("/bin/{name}"), Inode::file(stub::executable(name, "test"), 0o755)).unwrap();
    }
    root.insert("/dev/null", Inode::new(Node::Char(Dev::Null), 0o666)).unwrap();
    root.insert("/dev/console", Inode::new(Node::Char(Dev::Pts(0)), 0o666)).unwrap();
    let mut k = Kernel::new(root, Rc::new(table), 7, BOOT, "layerlab");
    k.sys.add_tty();
    k.boot(&format!("/bin/{}", programs[0].0), vec![programs[0].0.to_owned()], Vec::new()).unwrap();
    k
}

/// The same with `/proc`, `/sys` and `/sys/fs/cgroup`; answers what `/tmp/out` holds after ten seconds.
pub fn linux(programs: &[(&'static str, Start)]) -> String {
    let mut k = machine(programs);
    for (kind, path) in [(FsKind::Proc, "/proc"), (FsKind::Sysfs, "/sys"), (FsKind::Cgroup2, "/sys/fs/cgroup")] {
        let fs = k.sys.add_fs(kind, Tree::new());
        k.sys.mount_host(fs, path).unwrap();
    }
    k.run_until(SimTime::secs(10));
    String::from_utf8(k.read_file("/tmp/out").map(|b| b.to_vec()).unwrap_or_default()).unwrap()
}

/// What a spawned process is.
pub fn spec(argv: &[&str]) -> SpawnSpec {
    SpawnSpec {
        argv: argv.iter().map(|s| (*s).to_owned()).collect(),
        env: vec![("PATH".into(), "/bin".into())],
        ..SpawnSpec::default()
    }
}

/// Runs a machine for ten virtual seconds; answers what `/tmp/out` holds then.
pub fn outcome(programs: &[(&'static str, Start)]) -> String {
    let mut k = machine(programs);
    k.run_until(SimTime::secs(10));
    String::from_utf8(k.read_file("/tmp/out").map(|b| b.to_vec()).unwrap_or_default()).unwrap()
}

/// `/tmp/out` gets one line more.
#[macro_export]
macro_rules! say {
    ($sys:expr, $($arg:tt)*) => {{
        let fd = $sys.open("/tmp/out", layerlab_kernel::OpenFlags::APPEND, 0o666).await.unwrap();
        $sys.write_all(fd, format!("{}\n", format_args!($($arg)*))).await.unwrap();
        $sys.close(fd).await.unwrap();
    }};
}

/// A program from an async block.
#[macro_export]
macro_rules! program {
    ($name:literal, |$sys:ident, $args:ident| $body:block) => {{
        fn start(args: layerlab_kernel::ProgramArgs) -> Box<dyn layerlab_kernel::Program> {
            layerlab_kernel::async_program(args, |$sys, $args| async move {
                let _ = &$args;
                $body
                #[allow(unreachable_code)]
                0
            })
        }
        ($name, start as layerlab_kernel::Start)
    }};
}
