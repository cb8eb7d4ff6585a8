//! A small machine with shells and the utilities.

use std::rc::Rc;

use layerlab_kernel::tty::TtyId;
use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_kernel::{
    Kernel, OpenFlags, Program, ProgramArgs, ProgramTable, SimTime, SpawnSpec, Start, WaitFlags, WaitFor,
    async_program, stub,
};

/// What a script gave.
pub(crate) struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

fn script_init(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let fds = [("/run/in", OpenFlags::READ), ("/run/out", OpenFlags::APPEND), ("/run/err", OpenFlags::APPEND)];
        let mut list = Vec::new();
        for (i, (path, flags)) in fds.into_iter().enumerate() {
            list.push((i as i32, sys.open(path, flags, 0o666).await.unwrap()));
        }
        let spec = SpawnSpec {
            argv: args.argv[1..].to_vec(),
            env: args.env.clone(),
            cwd: "/home/student".into(),
            fds: list,
            ..SpawnSpec::default()
        };
        let pid = sys.spawn(spec).await.unwrap();
        let (_, status) = sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap();
        sys.write_file("/run/status", status.code().to_string(), 0o644).await.unwrap();
        0
    })
}

fn tty_init(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let fd = sys.open("/dev/console", OpenFlags::READ_WRITE, 0).await.unwrap();
        let spec = SpawnSpec {
            argv: args.argv[1..].to_vec(),
            env: args.env.clone(),
            cwd: "/home/student".into(),
            fds: vec![(0, fd), (1, fd), (2, fd)],
            new_session: true,
            controlling_tty: Some(0),
            ..SpawnSpec::default()
        };
        let pid = sys.spawn(spec).await.unwrap();
        let (_, status) = sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap();
        sys.write_file("/run/status", status.code().to_string(), 0o644).await.unwrap();
        0
    })
}

fn sleeper(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let secs: f64 = args.argv.get(1).and_then(|a| a.parse().ok()).unwrap_or(1.0);
        let _ = sys.sleep(SimTime((secs * 1e9) as u64)).await;
        0
    })
}

/// Answers as docker's client does when it is asked what could follow.
fn docker(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let rest: Vec<&str> = args.argv.iter().skip(1).map(String::as_str).collect();
        let text = match rest.as_slice() {
            ["__complete", w] => {
                let all = ["images\tList images", "image\tManage images", "ps\tList containers"];
                all.iter().filter(|l| l.starts_with(w)).map(|l| format!("{l}\n")).collect::<String>() + ":4\n"
            }
            ["__complete", "image", ..] => "ls\tList images\nload\tLoad an image\n:4\n".to_owned(),
            _ => "docker\n".to_owned(),
        };
        sys.print(text).await.unwrap();
        sys.eprint("Completion ended with directive: ShellCompDirectiveNoFileComp\n").await;
        0
    })
}

pub(crate) const EXTRA: &[(&str, Start)] = &[("sleep", sleeper), ("docker", docker)];

fn root(init: &str) -> Tree {
    let mut root = Tree::new();
    for dir in ["/bin", "/usr/bin", "/dev", "/etc", "/home/student", "/run", "/tmp"] {
        root.mkdir_all(dir).unwrap();
    }
    let exe = |name: &str, variant: &str| Inode::file(stub::executable(name, variant), 0o755);
    root.insert("/bin/init", exe(init, "")).unwrap();
    root.insert("/bin/bash", exe("bash", "")).unwrap();
    root.insert("/bin/dash", exe("sh", "dash")).unwrap();
    root.insert("/bin/sh", exe("sh", "dash")).unwrap();
    root.insert("/bin/ash", exe("sh", "ash")).unwrap();
    for (name, _) in layerlab_utils::PROGRAMS.iter().chain(EXTRA) {
        root.insert(&format!("/usr/bin/{name}"), exe(name, "")).unwrap();
    }
    root.insert("/dev/null", Inode::new(Node::Char(Dev::Null), 0o666)).unwrap();
    root.insert("/dev/console", Inode::new(Node::Char(Dev::Pts(0)), 0o666)).unwrap();
    root.insert("/etc/passwd", Inode::file("root:x:0:0:root:/home/student:/bin/bash\n", 0o644)).unwrap();
    root
}

fn kernel(root: Tree, argv: &[&str], env: &[(&str, &str)]) -> Kernel {
    let table = ProgramTable::default();
    table.add("script-init", script_init);
    table.add("tty-init", tty_init);
    table.extend(layerlab_shell::PROGRAMS);
    table.extend(layerlab_utils::PROGRAMS);
    table.extend(EXTRA);
    let mut k = Kernel::new(root, Rc::new(table), 7, 1_795_248_000 * 1_000_000_000, "layerlab");
    k.sys.add_tty();
    let mut all = vec!["init".to_owned()];
    all.extend(argv.iter().map(ToString::to_string));
    let mut vars =
        vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned()), ("HOME".to_owned(), "/home/student".to_owned())];
    vars.extend(env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    k.boot("/bin/init", all, vars).unwrap();
    k
}

/// Runs a command line, with the given standard input.
pub(crate) fn run(argv: &[&str], stdin: &str) -> Outcome {
    let mut root = root("script-init");
    root.insert("/run/in", Inode::file(stdin, 0o644)).unwrap();
    let mut k = kernel(root, argv, &[]);
    k.run_until(SimTime::secs(60));
    let text = |p: &str| String::from_utf8_lossy(&k.read_file(p).map(|b| b.to_vec()).unwrap_or_default()).into_owned();
    Outcome { stdout: text("/run/out"), stderr: text("/run/err"), status: text("/run/status").parse().unwrap_or(-1) }
}

/// A shell at a terminal.
pub(crate) struct Session {
    pub k: Kernel,
}

impl Session {
    pub(crate) fn new(shell: &str, env: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        let mut root = root("tty-init");
        for (path, text) in files {
            root.insert(path, Inode::file(*text, 0o644)).unwrap();
        }
        let mut env = env.to_vec();
        if !env.iter().any(|(n, _)| *n == "PS1") {
            env.push(("PS1", "$ "));
        }
        let mut s = Self { k: kernel(root, &[shell], &env) };
        s.wait(100);
        s
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        let until = self.k.sys.now + SimTime::millis(ms);
        self.k.run_until(until);
    }

    /// Types, waits half a second; answers what the screen got, without the sequences that switch
    /// bracketed paste.
    pub(crate) fn keys(&mut self, keys: &str) -> String {
        self.k.type_bytes(TtyId(0), keys.as_bytes());
        self.wait(500);
        self.screen()
    }

    pub(crate) fn screen(&mut self) -> String {
        let out = String::from_utf8_lossy(&self.k.take_output(TtyId(0))).into_owned();
        out.replace("\x1b[?2004h", "").replace("\x1b[?2004l\r", "").replace("\x1b[J", "").replace("\r\n", "\n")
    }
}
