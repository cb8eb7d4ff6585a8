//! Jobs at a terminal, and named pipes: what stops, what waits, who goes on.

use layerlab_kernel::SimTime;
use layerlab_lab::Input;

use crate::{plain, said, session};

#[test]
fn background_jobs_stop_at_the_terminal() {
    let mut s = session();
    said(&mut s, "cat &");
    said(&mut s, "sleep 0.1");
    assert!(said(&mut s, "jobs").contains("Stopped (tty input)     cat") || said(&mut s, "jobs").contains("Stopped"));
    said(&mut s, "kill %1; kill -CONT %1; wait");
    // Writing is allowed, until the terminal is told to stop those who do.
    assert!(said(&mut s, "echo fr''ee & wait").contains("free"));
    assert!(said(&mut s, "stty tostop; stty -a").contains(" tostop "));
    let shown = said(&mut s, "/bin/echo held''back & sleep 0.1; jobs");
    assert!(!shown.contains("heldback") && shown.contains("Stopped"), "{shown}");
    assert!(said(&mut s, "fg").contains("heldback"));
    said(&mut s, "stty -tostop");
    assert!(said(&mut s, "echo o''k").contains("ok"));
}

#[test]
fn a_redirection_to_a_named_pipe_waits_for_its_other_side() {
    let mut s = session();
    said(&mut s, "mkfifo p");
    assert!(said(&mut s, "echo thr''ough > p & cat p").contains("through"));
    assert!(said(&mut s, "cat < p & echo thr''ough > p; wait").contains("through"));
    assert!(
        said(&mut s, "(while read l; do echo \"<$l>\"; done) < p & printf 'a\\nb\\n' > p; wait").contains("<a>\r\n<b>")
    );
    assert!(said(&mut s, ": > p & : < p; wait; echo bo''th").contains("both"));
    assert!(said(&mut s, "exec 3<> p; echo own >&3; read x <&3; echo got $x; exec 3>&-").contains("got own"));
    // Nobody comes: ^C.
    for line in ["echo x > p", "/bin/echo x > p", "cat p", "cat < p"] {
        s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
        s.run_slice(s.world().now() + SimTime::secs(1), u64::MAX);
        assert!(s.busy(), "{line} does not wait");
        s.apply(Input::Key(b"\x03".to_vec())).unwrap();
        assert!(s.run_until_prompt(s.world().now() + SimTime::secs(5)), "{line} does not end");
        assert!(said(&mut s, "echo o''k").contains("ok"));
    }
}

#[test]
fn a_new_size_is_told_to_the_job_in_front() {
    let mut s = session();
    s.apply(Input::Key(b"bash -c 'trap \"stty size\" WINCH; echo re''ady; while :; do sleep 0.1; done'\r".to_vec()))
        .unwrap();
    s.run_slice(s.world().now() + SimTime::secs(1), u64::MAX);
    s.take_output();
    s.apply(Input::Resize { rows: 33, cols: 99 }).unwrap();
    s.run_slice(s.world().now() + SimTime::secs(1), u64::MAX);
    assert!(plain(&String::from_utf8_lossy(&s.take_output())).contains("33 99"));
    s.apply(Input::Key(b"\x03".to_vec())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(5)));
}

#[test]
fn who_leaves_hangs_up_on_the_job_that_is_stopped() {
    let mut s = session();
    said(&mut s, "trap '' TERM; sleep 1000 & kill -STOP $!; sleep 0.1");
    s.apply(Input::Key(b"exit\rexit\r".to_vec())).unwrap();
    s.run_slice(s.world().now() + SimTime::secs(3), u64::MAX);
    assert!(!said(&mut s, "ps -ef").contains("sleep 1000"));
}
