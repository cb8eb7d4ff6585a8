//! A small machine with all commands in `/usr/bin`.

use std::rc::Rc;

use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_kernel::{
    ExitStatus, Kernel, Program, ProgramArgs, ProgramTable, SimTime, SpawnSpec, async_program, stub,
};

/// Wall clock at boot: 2026-11-21 08:00:00 UTC.
pub(crate) const BOOT: i64 = 1_795_248_000;

fn init(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, _| async move {
        loop {
            let _ = sys.sleep(SimTime::secs(1_000_000)).await;
        }
    })
}

/// With these programs beside the commands.
pub(crate) fn boot_with(more: &[(&'static str, layerlab_kernel::Start)]) -> Kernel {
    let table = ProgramTable::default();
    table.add("init", init);
    table.extend(layerlab_utils::PROGRAMS);
    table.extend(more);
    let mut root = Tree::new();
    for dir in ["/dev", "/etc", "/root", "/run", "/tmp", "/t", "/usr/bin", "/usr/busybox"] {
        root.mkdir_all(dir).unwrap();
    }
    root.insert("/bin", Inode::symlink("usr/bin")).unwrap();
    for name in table.names() {
        root.insert(&format!("/usr/bin/{name}"), Inode::file(stub::executable(name, "test"), 0o755)).unwrap();
        root.insert(&format!("/usr/busybox/{name}"), Inode::file(stub::executable(name, "busybox"), 0o755)).unwrap();
    }
    // Where a shell is among them, it is Debian's.
    if table.names().contains(&"sh") {
        root.insert("/usr/bin/sh", Inode::file(stub::executable("sh", "dash"), 0o755)).unwrap();
    }
    root.insert("/etc/passwd", Inode::file("root:x:0:0:root:/root:/bin/bash\n", 0o644)).unwrap();
    root.insert("/etc/group", Inode::file("root:x:0:\n", 0o644)).unwrap();
    root.insert("/dev/null", Inode::new(Node::Char(Dev::Null), 0o666)).unwrap();
    root.insert("/dev/zero", Inode::new(Node::Char(Dev::Zero), 0o666)).unwrap();
    root.insert("/dev/urandom", Inode::new(Node::Char(Dev::Random), 0o666)).unwrap();
    root.insert("/dev/console", Inode::new(Node::Char(Dev::Pts(0)), 0o666)).unwrap();
    let mut k = Kernel::new(root, Rc::new(table), 7, BOOT * 1_000_000_000, "layerlab");
    k.boot("/bin/init", vec!["init".into()], Vec::new()).unwrap();
    k.run_until(SimTime::millis(1));
    k
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// Runs a command for up to an hour of virtual time or a mebibyte of output.
pub(crate) fn run(k: &mut Kernel, argv: &[&str], stdin: &[u8]) -> Done {
    let env = [("PATH", "/usr/bin"), ("LC_ALL", "C"), ("HOME", "/root"), ("TERM", "xterm")];
    let spec = SpawnSpec {
        argv: argv.iter().map(ToString::to_string).collect(),
        env: env.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
        cwd: "/t".into(),
        ..SpawnSpec::default()
    };
    let Ok(o) = k.spawn_outside(&spec) else {
        return Done { stdout: String::new(), stderr: "not found".into(), code: 127 };
    };
    k.write_outside(&o, stdin);
    k.close_outside(&o);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut status = None;
    for _ in 0..36_000 {
        let until = k.sys.now + SimTime::millis(100);
        k.run_until(until);
        let (a, b) = k.take_outside(&o);
        out.extend(a);
        err.extend(b);
        status = k.status_outside(&o);
        if status.is_some() || out.len() > 1 << 20 {
            break;
        }
    }
    k.forget_outside(&o);
    Done {
        stdout: String::from_utf8_lossy(&out).into_owned(),
        stderr: String::from_utf8_lossy(&err).into_owned(),
        code: status.map_or(-1, ExitStatus::code),
    }
}
