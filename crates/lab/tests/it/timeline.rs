use layerlab_kernel::SimTime;
use layerlab_lab::Input;

use crate::{enter, session};

#[test]
fn the_prompt_waits_after_boot() {
    let mut s = session();
    let shown = String::from_utf8(s.take_output()).unwrap();
    assert!(shown.contains("student@layerlab"), "{shown:?}");
    assert!(!s.busy());
    assert!(s.world().now() < SimTime::secs(2));
}

#[test]
fn commands_and_saves_are_marks_and_can_be_undone_and_redone() {
    let mut s = session();
    enter(&mut s, "echo one > x");
    enter(&mut s, "false");
    s.apply(Input::WriteFile { path: "x".into(), data: b"from the editor\n".to_vec() }).unwrap();
    let marks = s.timeline().marks;
    let seen: Vec<_> = marks.iter().map(|m| (m.line.as_str(), m.exit, m.save)).collect();
    assert_eq!(seen, [("echo one > x", Some(0), false), ("false", Some(1), false), ("x", None, true)]);
    assert!(s.undo());
    assert_eq!(*s.world().read_home("x").unwrap(), b"one\n");
    assert!(s.undo() && s.undo());
    assert!(s.world().read_home("x").is_err());
    assert!(!s.undo(), "nothing is left to undo");
    assert!(s.redo() && s.redo() && s.redo());
    assert_eq!(*s.world().read_home("x").unwrap(), b"from the editor\n");
    // Something else is done: what was undone is gone.
    assert!(s.undo());
    enter(&mut s, "echo two >> x");
    assert_eq!(*s.world().read_home("x").unwrap(), b"one\ntwo\n");
    assert!(!s.redo());
    assert_eq!(s.timeline().marks.len(), 3);
}

#[test]
fn after_undo_the_shell_is_as_it_was() {
    let mut s = session();
    enter(&mut s, "v=before; cd /tmp");
    enter(&mut s, "v=after; cd /");
    assert!(s.undo());
    assert!(enter(&mut s, "echo \"<$v $PWD>\"").contains("<before /tmp>"));
}

#[test]
fn an_endless_loop_can_be_interrupted() {
    let mut s = session();
    s.apply(Input::Key(b"while :; do :; done\r".to_vec())).unwrap();
    assert!(!s.run_until_prompt(s.world().now() + SimTime::secs(2)));
    assert!(s.busy());
    s.apply(Input::Key(b"\x03".to_vec())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(2)));
    assert!(enter(&mut s, "echo still here").contains("still here"));
}

#[test]
fn a_file_cannot_be_written_outside_of_home() {
    let mut s = session();
    assert!(s.apply(Input::WriteFile { path: "../../etc/passwd".into(), data: Vec::new() }).is_err());
    s.apply(Input::WriteFile { path: "new/deep/file".into(), data: b"x".to_vec() }).unwrap();
    assert!(enter(&mut s, "stat -c %U new/deep/file").contains("student"));
}
