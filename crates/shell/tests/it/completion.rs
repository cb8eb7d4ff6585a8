//! Tab.

use crate::machine::Session;

fn session() -> Session {
    let files = [
        ("/home/student/notes.txt", "n\n"),
        ("/home/student/notes.md", "m\n"),
        ("/home/student/src/main.py", ""),
        ("/home/student/a b", ""),
    ];
    let mut s = Session::new("bash", &[], &files);
    s.screen();
    s
}

fn line_after(keys: &str) -> String {
    let mut s = session();
    // What the line has become shows when it is echoed.
    s.keys(keys);
    let out = s.keys("\x01echo '\x05'\r");
    out.rsplit('\n').nth(1).unwrap_or(&out).to_owned()
}

#[test]
fn names_are_completed() {
    assert_eq!(line_after("cat no\t"), "cat notes.");
    assert_eq!(line_after("cat notes.t\t"), "cat notes.txt ");
    assert_eq!(line_after("ls s\tm\t"), "ls src/main.py ");
    assert_eq!(line_after("cat a\t"), "cat a\\ b ");
    assert_eq!(line_after("cd s\t"), "cd src/");
    assert_eq!(line_after("slee\t"), "sleep ");
    assert_eq!(line_after("echo $HOM\t"), "echo $HOME/");
    assert_eq!(line_after("echo $PAT\t"), "echo $PATH ");
    assert_eq!(line_after("cat < notes.m\t"), "cat < notes.md ");
}

#[test]
fn several_names_are_listed_at_the_second_tab() {
    let mut s = session();
    let out = s.keys("cat notes.\t\t");
    assert!(out.contains("\nnotes.md   notes.txt\n"), "{out:?}");
}

#[test]
fn docker_s_client_is_asked() {
    assert_eq!(line_after("docker p\t"), "docker ps ");
    assert_eq!(line_after("docker image lo\t"), "docker image load ");
    let mut s = session();
    // The first one adds what both have in common: as in readline, two more list them.
    let out = s.keys("docker im\t\t\t");
    assert!(out.contains("image   (Manage images)"), "{out:?}");
}
