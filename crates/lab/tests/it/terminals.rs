//! Several terminals: each is one of the machine, the session keeps them apart.

use layerlab_kernel::SimTime;
use layerlab_lab::{Input, Log, Session, parts};

use crate::{enter, plain, said, session};

fn open(s: &mut Session, command: Option<&str>) -> u32 {
    let before: Vec<u32> = s.terminals().iter().map(|t| t.number).collect();
    s.apply(Input::Open { command: command.map(str::to_owned) }).unwrap();
    let new = s.terminals().into_iter().map(|t| t.number).find(|n| !before.contains(n)).unwrap();
    wait(s, 2);
    new
}

fn wait(s: &mut Session, seconds: u64) {
    s.run_slice(s.world().now() + SimTime::secs(seconds), u64::MAX);
}

fn keys(s: &mut Session, terminal: u32, bytes: &[u8]) {
    s.apply(Input::key(terminal, bytes.to_vec())).unwrap();
    wait(s, 1);
}

/// Types a line at a terminal and waits for its prompt; what it has shown then.
fn said_at(s: &mut Session, terminal: u32, line: &str) -> String {
    s.take_output_of(terminal);
    s.apply(Input::key(terminal, format!("{line}\r").into_bytes())).unwrap();
    assert!(s.run_until_prompt_at(terminal, s.world().now() + SimTime::secs(100)), "'{line}' does not end");
    plain(&String::from_utf8_lossy(&s.take_output_of(terminal)))
}

fn shown(s: &Session, terminal: u32) -> String {
    plain(&String::from_utf8_lossy(s.transcript_of(terminal)))
}

fn numbers(s: &Session) -> Vec<u32> {
    s.terminals().iter().map(|t| t.number).collect()
}

fn marks(s: &Session) -> Vec<(String, Option<u8>)> {
    s.timeline().marks.into_iter().map(|m| (m.line, m.exit)).collect()
}

#[test]
fn each_is_a_terminal_of_the_machine_with_a_login_of_its_own() {
    let mut s = session();
    assert_eq!(open(&mut s, None), 1);
    assert!(shown(&s, 1).ends_with("student@layerlab:~$ "), "{:?}", shown(&s, 1));
    assert!(said(&mut s, "tty").contains("/dev/pts/0\r\n"));
    assert!(said_at(&mut s, 1, "tty").contains("/dev/pts/1\r\n"));
    assert!(said_at(&mut s, 1, "ls -l /dev/pts/1").contains("crw--w---- 1 student tty"));
    let who = said_at(&mut s, 1, "who");
    assert!(who.contains("student  pts/0") && who.contains("student  pts/1"), "{who}");
    let w = said(&mut s, "w");
    assert!(w.contains("2 users") && w.contains("student  pts/1"), "{w}");
    let ps = said(&mut s, "ps -e -o tty,args");
    assert!(ps.contains("pts/0    -bash") && ps.contains("pts/1    -bash"), "{ps}");
    // Each has what is its own, and shares the machine.
    said(&mut s, "x=here; cd /tmp; echo shared > /tmp/f");
    assert!(said_at(&mut s, 1, "echo \"<$x $PWD $(cat /tmp/f)>\"").contains("< /home/student shared>"));
    // A message to the other one.
    said(&mut s, "echo hel''lo > /dev/pts/1");
    assert!(shown(&s, 1).contains("hello"));
    assert!(!shown(&s, 0).contains("hello"));
    s.apply(Input::Resize { rows: 30, cols: 100 }).unwrap();
    assert!(said_at(&mut s, 1, "stty size").contains("30 100"));
    assert_eq!(open(&mut s, None), 2);
    assert!(said_at(&mut s, 2, "stty size").contains("30 100"));
}

#[test]
fn commands_run_side_by_side_and_each_prompt_is_its_own() {
    let mut s = session();
    open(&mut s, None);
    keys(&mut s, 0, b"sleep 100\r");
    assert!(s.busy_at(0) && !s.busy_at(1));
    assert!(said_at(&mut s, 1, "pgrep -a sleep").contains("sleep 100"));
    assert_eq!(marks(&s), [("sleep 100".into(), None), ("pgrep -a sleep".into(), Some(0))]);
    assert!(s.timeline().can_undo);
    // ^C reaches who is in front of that terminal.
    keys(&mut s, 1, b"\x03");
    assert!(s.busy_at(0));
    keys(&mut s, 0, b"\x03");
    assert!(!s.busy_at(0));
    assert_eq!(marks(&s), [("pgrep -a sleep".into(), Some(0)), ("sleep 100".into(), Some(130))]);
    // Nowhere a prompt: nothing can be taken back.
    keys(&mut s, 0, b"sleep 50\r");
    keys(&mut s, 1, b"sleep 50\r");
    assert!(!s.timeline().can_undo && !s.undo());
}

#[test]
fn closing_hangs_up_on_all_who_work_there() {
    let mut s = session();
    open(&mut s, None);
    keys(&mut s, 1, b"sleep 1000 & nohup sleep 2000 &\r");
    keys(&mut s, 1, b"sleep 3000\r");
    assert!(said(&mut s, "pgrep -a sleep").contains("sleep 3000"));
    s.apply(Input::Close { terminal: 1 }).unwrap();
    assert_eq!(numbers(&s), [0]);
    wait(&mut s, 2);
    let left = said(&mut s, "pgrep -a sleep; ps -e -o tty,args; ls /dev/pts");
    assert!(!left.contains("sleep 1000") && !left.contains("sleep 3000"), "{left}");
    assert!(left.contains("sleep 2000") && !left.contains("pts/1"), "{left}");
    assert!(s.apply(Input::Close { terminal: 1 }).is_err());
    assert!(s.apply(Input::Close { terminal: 0 }).is_err(), "the first is always there");
    assert!(s.apply(Input::key(1, b"x".to_vec())).is_err());
    // The number is free again once nobody has it open; what was shown there is gone.
    said(&mut s, "pkill sleep");
    assert_eq!(open(&mut s, None), 1);
    assert!(!shown(&s, 1).contains("sleep"));
}

#[test]
fn a_terminal_goes_with_its_shell_and_the_first_gets_a_new_one() {
    let mut s = session();
    open(&mut s, None);
    keys(&mut s, 1, b"exit\r");
    assert_eq!(numbers(&s), [0]);
    keys(&mut s, 0, b"exit\r");
    assert_eq!(numbers(&s), [0]);
    assert!(!s.busy(), "the next login waits at its prompt");
    assert!(said(&mut s, "echo ag''ain").contains("again"));
}

#[test]
fn there_is_an_end_to_them() {
    let mut s = session();
    for n in 1..8 {
        assert_eq!(open(&mut s, None), n);
    }
    assert!(s.apply(Input::Open { command: None }).is_err());
}

#[test]
fn one_is_opened_in_a_container_as_if_it_was_typed() {
    let mut s = session();
    enter(&mut s, "docker run -d --name web nginx:alpine");
    let line = "docker exec -it web sh";
    assert_eq!(open(&mut s, Some(line)), 1);
    wait(&mut s, 3);
    let first = shown(&s, 1);
    assert!(first.starts_with(&format!("student@layerlab:~$ {line}\r\n")) && first.ends_with("/ # "), "{first:?}");
    assert_eq!(shown(&s, 1).matches(line).count(), 1);
    assert_eq!(s.terminals()[1].container.as_deref(), Some("web"));
    assert_eq!(s.timeline().marks.last().unwrap().line, line);
    keys(&mut s, 1, b"hostname > /seen\r");
    // A command elsewhere is taken back; the terminal in the container is still there.
    enter(&mut s, "true");
    assert!(s.undo());
    assert_eq!(numbers(&s), [0, 1]);
    wait(&mut s, 3);
    keys(&mut s, 1, b"cat /etc/alpine-release\r");
    assert!(shown(&s, 1).contains("\r3."), "{:?}", shown(&s, 1));
    keys(&mut s, 1, b"exit\r");
    assert_eq!(s.terminals()[1].container, None);
    assert!(said_at(&mut s, 1, "hostname").contains("layerlab"));
    assert!(s.undo() && s.undo());
    assert_eq!(numbers(&s), [0]);
}

#[test]
fn undo_and_redo_bring_each_screen_back() {
    let mut s = session();
    enter(&mut s, "echo ze''ro");
    open(&mut s, None);
    said_at(&mut s, 1, "echo o''ne");
    let (before, then) = (s.transcript_of(1).to_vec(), s.transcript().to_vec());
    said_at(&mut s, 1, "echo t''wo");
    let after = s.transcript_of(1).to_vec();
    assert!(s.undo());
    assert_eq!((s.transcript_of(1), s.transcript()), (before.as_slice(), then.as_slice()));
    assert!(s.redo());
    assert_eq!(s.transcript_of(1), after);
    assert!(s.undo() && s.undo());
    assert_eq!(numbers(&s), [0, 1], "it was opened, not entered");
    assert!(!shown(&s, 1).contains("one"));
    assert!(s.undo());
    assert_eq!(numbers(&s), [0]);
    assert!(s.redo() && s.redo());
    assert!(said_at(&mut s, 1, "echo th''ree").contains("three"));
    // Closed, and back again.
    s.apply(Input::Close { terminal: 1 }).unwrap();
    enter(&mut s, "true");
    assert!(s.undo());
    assert_eq!(numbers(&s), [0]);
}

#[test]
fn what_runs_in_another_is_as_it_was_then() {
    let mut s = session();
    open(&mut s, None);
    keys(&mut s, 0, b"sleep 30; echo aw''ake\r");
    said_at(&mut s, 1, "true");
    said_at(&mut s, 1, "false");
    assert!(s.undo());
    assert!(s.busy() && !s.busy_at(1));
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(60)));
    assert!(shown(&s, 0).contains("awake"));
    assert_eq!(marks(&s), [("true".into(), Some(0)), ("sleep 30; echo aw''ake".into(), Some(0))]);
    // What has begun since the last mark is what is taken back.
    keys(&mut s, 0, b"sleep 40\r");
    assert!(s.undo());
    assert!(!s.busy());
    assert_eq!(marks(&s).len(), 2);
}

#[test]
fn a_stored_session_has_them_all() {
    let mut s = session();
    open(&mut s, None);
    open(&mut s, Some("tty"));
    said_at(&mut s, 1, "echo o''ne");
    s.apply(Input::Close { terminal: 1 }).unwrap();
    keys(&mut s, 2, b"sleep 100\r");
    let again = Session::play(parts::all(), Log::decode(&s.log().encode()).unwrap()).unwrap();
    assert_eq!(again.stop, None);
    let again = again.session;
    assert_eq!(again.world().digest(), s.world().digest());
    assert_eq!((again.terminals(), again.timeline()), (s.terminals(), s.timeline()));
    assert_eq!(again.transcript_of(2), s.transcript_of(2));
    assert!(again.busy_at(2));
    // One of another version is played line by line.
    let mut log = s.log();
    log.header.version = "0.0.1".into();
    assert_eq!(Session::play(parts::all(), log).unwrap().stop, None);
}

/// Bytes as they were stored when there was one terminal only.
#[test]
fn inputs_of_before_are_read() {
    let key = layerlab_lab::log::Record { at: 5, input: Input::Key(b"ls\r".to_vec()) };
    assert_eq!(key.encode(), b"\x05\x00\x03ls\r");
    let resize = layerlab_lab::log::Record { at: 5, input: Input::Resize { rows: 24, cols: 80 } };
    assert_eq!(resize.encode(), b"\x05\x01\x18\x50");
    assert_eq!(
        layerlab_lab::log::Record::decode(b"\x05\x02\x01f\x01x").map(|r| r.input),
        Ok(Input::WriteFile { path: "f".into(), data: b"x".to_vec() })
    );
}
