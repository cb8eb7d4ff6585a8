//! Commands on a terminal: columns, colours, the editor.

use layerlab_kernel::tty::TtyId;
use layerlab_kernel::{Kernel, OpenFlags, Program, ProgramArgs, SimTime, SpawnSpec, WaitFlags, WaitFor, async_program};

use crate::machine::boot_with;

/// Runs its arguments on the terminal.
fn on_terminal(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, a| async move {
        let fd = sys.open("/dev/console", OpenFlags::READ_WRITE, 0).await.unwrap();
        let env = vec![("PATH".to_owned(), "/usr/bin".to_owned()), ("TERM".to_owned(), "xterm".to_owned())];
        let argv = a.argv[1..].to_vec();
        let fds = vec![(0, fd), (1, fd), (2, fd)];
        let spec = SpawnSpec {
            argv,
            env,
            fds,
            cwd: "/t".into(),
            new_session: true,
            controlling_tty: Some(0),
            ..SpawnSpec::default()
        };
        let child = sys.spawn(spec).await.unwrap();
        sys.wait(WaitFor::Pid(child), WaitFlags::default()).await.unwrap().1.code()
    })
}

fn start(line: &str, files: &[(&str, &str)]) -> Kernel {
    let mut k = boot_with(&[("on-terminal", on_terminal)]);
    k.sys.add_tty();
    for (path, text) in files {
        k.write_file(path, text.as_bytes().to_vec()).unwrap();
    }
    let argv = std::iter::once("on-terminal").chain(line.split(' ')).map(str::to_owned).collect();
    k.spawn_outside(&SpawnSpec { argv, ..SpawnSpec::default() }).unwrap();
    run(&mut k);
    k
}

fn run(k: &mut Kernel) {
    let until = k.sys.now + SimTime::secs(1);
    k.run_until(until);
}

fn screen(k: &mut Kernel) -> String {
    String::from_utf8(k.take_output(TtyId(0))).unwrap()
}

#[test]
fn ls_has_columns_quotes_and_colours() {
    let mut k = start("ls --color=auto", &[("/t/a b", ""), ("/t/main.py", ""), ("/t/Dockerfile", "")]);
    assert_eq!(screen(&mut k), " Dockerfile  'a b'   main.py\r\n");
    let mut k = start("ls --color=auto /", &[]);
    assert!(screen(&mut k).starts_with("\x1b[0m\x1b[01;36mbin\x1b[0m  \x1b[01;34mdev\x1b[0m  \x1b[01;34metc\x1b[0m"));
}

#[test]
fn nano_edits_and_saves() {
    let mut k = start("nano main.py", &[("/t/main.py", "print('hi')\n")]);
    let text = screen(&mut k);
    assert!(text.contains("GNU nano") && text.contains("main.py") && text.contains("print('hi')"), "{text}");
    assert!(text.contains("[ Read 1 line ]"), "{text}");
    k.type_bytes(TtyId(0), b"# new\r\x1b[B");
    run(&mut k);
    assert!(screen(&mut k).contains("Modified"));
    k.type_bytes(TtyId(0), b"\x18");
    run(&mut k);
    assert!(screen(&mut k).contains("Save modified buffer?"));
    k.type_bytes(TtyId(0), b"y\r");
    run(&mut k);
    assert_eq!(*k.read_file("/t/main.py").unwrap(), b"# new\nprint('hi')\n");
    assert!(screen(&mut k).ends_with("\x1b[?1049l"));
}

#[test]
fn nano_cuts_pastes_and_searches() {
    let mut k = start("nano f", &[("/t/f", "one\ntwo\n")]);
    k.type_bytes(TtyId(0), b"\x0b\x1b[B\x15\x17two\r!\x0f\r\x18");
    run(&mut k);
    assert_eq!(*k.read_file("/t/f").unwrap(), b"!two\none\n");
}

#[test]
fn less_shows_pages() {
    let text: String = (1..=60).map(|n| format!("line {n}\n")).collect();
    let mut k = start("less f", &[("/t/f", &text)]);
    let shown = screen(&mut k);
    assert!(shown.contains("line 23\r\n") && !shown.contains("line 24"), "{shown}");
    k.type_bytes(TtyId(0), b" ");
    run(&mut k);
    assert!(screen(&mut k).contains("line 46\r\n"));
    k.type_bytes(TtyId(0), b"Gq");
    run(&mut k);
    assert!(screen(&mut k).contains("\x1b[?1049l"));
}

#[test]
fn vi_edits_and_saves() {
    let mut k = start("vi f", &[("/t/f", "one\ntwo\n")]);
    let shown = screen(&mut k);
    assert!(shown.contains("\"f\" 2L, 8B") && shown.contains('~'), "{shown}");
    k.type_bytes(TtyId(0), b"ihello ");
    run(&mut k);
    assert!(screen(&mut k).contains("-- INSERT --"));
    k.type_bytes(TtyId(0), b"\x1b:q\r");
    run(&mut k);
    assert!(screen(&mut k).contains("E37: No write since last change (add ! to override)"));
    k.type_bytes(TtyId(0), b"jdd:wq\r");
    run(&mut k);
    assert_eq!(*k.read_file("/t/f").unwrap(), b"hello one\n");
    assert!(screen(&mut k).ends_with("\x1b[?1049l"));
}

#[test]
fn top_and_watch_live_until_q() {
    let mut k = start("top", &[]);
    run(&mut k);
    assert!(screen(&mut k).contains("\x1b[7m    PID USER"));
    k.type_bytes(TtyId(0), b"q");
    run(&mut k);
    assert!(screen(&mut k).ends_with("\x1b[?25h"));
    let mut k = start("htop", &[]);
    run(&mut k);
    assert!(screen(&mut k).contains("Load average:"));
    k.type_bytes(TtyId(0), b"q");
    run(&mut k);
    assert!(screen(&mut k).ends_with("\x1b[?1049l"));
    let mut k = start("watch -x -n 1 echo hi", &[]);
    assert!(screen(&mut k).contains("Every 1.0s: echo hi"));
    k.type_bytes(TtyId(0), b"q");
    run(&mut k);
    run(&mut k);
    assert!(screen(&mut k).ends_with("\x1b[?1049l"));
}

#[test]
fn stty_shows_and_changes_the_terminal() {
    let mut k = start("stty -a", &[]);
    assert!(screen(&mut k).starts_with("speed 38400 baud; rows 24; columns 80; line = 0;\r\nintr = ^C;"));
    let mut k = start("stty -echo size", &[]);
    assert_eq!(screen(&mut k), "24 80\r\n");
}
