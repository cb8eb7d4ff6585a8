//! Python at a terminal.

use layerlab_kernel::SimTime;
use layerlab_lab::{Input, Session};

use crate::{plain, session};

/// Types a line and lets a second pass; answers what was shown.
fn type_line(s: &mut Session, line: &str) -> String {
    s.take_output();
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    s.run_slice(s.world().now() + SimTime::secs(1), u64::MAX);
    plain(&String::from_utf8_lossy(&s.take_output())).replace('\r', "")
}

#[test]
fn the_prompt_is_cpythons() {
    let mut s = session();
    let start = type_line(&mut s, "python3");
    assert!(start.contains("Python 3.11.2 (main, "), "{start}");
    assert!(
        start.ends_with(
            "on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n>>> "
        )
    );
    // As CPython 3.11 answers at a terminal.
    for (line, shown) in [
        ("1 + 1", "2\n>>> "),
        ("x = [1,", "... "),
        ("2]", ">>> "),
        ("x", "[1, 2]\n>>> "),
        ("for i in x:", "... "),
        ("    i", "... "),
        ("", "1\n2\n>>> "),
        ("'text'", "'text'\n>>> "),
        ("None", ">>> "),
        ("_", "'text'\n>>> "),
        (
            "1/0",
            "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nZeroDivisionError: division by zero\n>>> ",
        ),
        ("exit", "Use exit() or Ctrl-D (i.e. EOF) to exit\n>>> "),
    ] {
        assert_eq!(type_line(&mut s, line), format!("{line}\n{shown}"));
    }
    assert!(type_line(&mut s, "while True: pass").ends_with("... "));
    s.apply(Input::Key(b"\r".to_vec())).unwrap();
    s.run_slice(s.world().now() + SimTime::secs(1), u64::MAX);
    s.apply(Input::Key(b"\x03".to_vec())).unwrap();
    assert!(type_line(&mut s, "40 + 2").ends_with("KeyboardInterrupt\n>>> 40 + 2\n42\n>>> "));
    s.apply(Input::Key(b"\x04".to_vec())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(5)), "^D ends it");
}
