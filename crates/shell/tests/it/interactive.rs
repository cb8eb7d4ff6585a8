//! Sessions at a terminal.

use crate::machine::Session;

#[test]
fn a_command_runs_and_the_prompt_comes_back() {
    let mut s = Session::new("bash", &[], &[]);
    assert_eq!(s.screen(), "$ ");
    assert_eq!(s.keys("echo hi\r"), "echo hi\nhi\n$ ");
    assert_eq!(s.keys("nope\r"), "nope\nbash: nope: command not found\n$ ");
    assert_eq!(s.keys("echo $?\r"), "echo $?\n127\n$ ");
    assert_eq!(s.keys("echo )\r"), "echo )\nbash: syntax error near unexpected token `)'\n$ ");
}

#[test]
fn debian_s_prompt_is_understood() {
    let ps1 = r"${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u@\h\[\033[00m\]:\[\033[01;34m\]\w\[\033[00m\]\$ ";
    let mut s = Session::new("bash", &[("PS1", ps1)], &[]);
    assert_eq!(s.screen(), "\x1b[01;32mroot@layerlab\x1b[00m:\x1b[01;34m~\x1b[00m# ");
}

#[test]
fn what_is_not_complete_gets_a_second_prompt() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    assert_eq!(s.keys("for i in 1 2\r"), "for i in 1 2\n> ");
    assert_eq!(s.keys("do echo $i; done\r"), "do echo $i; done\n1\n2\n$ ");
    assert_eq!(s.keys("echo 'a\rb'\r"), "echo 'a\n> b'\na\nb\n$ ");
    assert_eq!(s.keys("cat <<E\rx\rE\r"), "cat <<E\n> x\n> E\nx\n$ ");
}

#[test]
fn control_c_leaves_the_line_a_loop_and_a_program() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    assert_eq!(s.keys("abc\x03"), "abc^C\n$ ");
    assert_eq!(s.keys("while :; do :; done\r"), "while :; do :; done\n");
    assert_eq!(s.keys("\x03"), "^C\n$ ");
    assert_eq!(s.keys("sleep 100; echo no\r"), "sleep 100; echo no\n");
    assert_eq!(s.keys("\x03"), "^C\n$ ");
    assert_eq!(s.keys("echo $?\r"), "echo $?\n130\n$ ");
}

#[test]
fn jobs_stop_go_on_and_end() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    assert_eq!(s.keys("sleep 3\r"), "sleep 3\n");
    assert_eq!(s.keys("\x1a"), "^Z\n[1]+  Stopped                 sleep 3\n$ ");
    assert_eq!(s.keys("bg\r"), "bg\n[1]+ sleep 3 &\n$ ");
    assert_eq!(s.keys("jobs\r"), "jobs\n[1]+  Running                 sleep 3 &\n$ ");
    s.wait(5000);
    assert_eq!(s.keys("\r"), "\n[1]+  Done                    sleep 3\n$ ");
    let started = s.keys("sleep 2 &\r");
    assert!(started.starts_with("sleep 2 &\n[1] "), "{started:?}");
    assert_eq!(s.keys("fg\r"), "fg\nsleep 2\n");
    s.wait(3000);
    assert_eq!(s.screen(), "$ ");
}

#[test]
fn history_is_kept_searched_and_written() {
    let mut s = Session::new("bash", &[], &[("/home/student/.bash_history", "ls -l\n")]);
    s.screen();
    s.keys("echo one\r");
    let again = s.keys("\x1b[A\r");
    assert!(again.ends_with("echo one\none\n$ "), "{again:?}");
    assert_eq!(s.keys("!!\r"), "!!\necho one\none\n$ ");
    assert!(s.keys("history\r").contains("    1  ls -l\n    2  echo one\n"));
    s.keys("exit\r");
    let file = String::from_utf8(s.k.read_file("/home/student/.bash_history").unwrap().to_vec()).unwrap();
    assert!(file.starts_with("ls -l\necho one\n"), "{file:?}");
}

/// As bash's `cmdhist` joins them.
#[test]
fn a_command_of_several_lines_is_one_in_the_history() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    s.keys("for i in 1 2\rdo\recho $i\rdone\r");
    s.keys("echo 'a\rb' |\rcat\r");
    s.keys("f()\r{\r:\r}\r");
    let out = s.keys("history\r");
    let wanted = "    1  for i in 1 2; do echo $i; done\n    2  echo 'a\nb' | cat\n    3  f() { :; }\n";
    assert!(out.contains(wanted), "{out:?}");
}

#[test]
fn end_of_file_leaves_the_shell() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    assert_eq!(s.keys("\x04"), "exit\n");
    assert_eq!(*s.k.read_file("/run/status").unwrap(), b"0");
}

#[test]
fn marks_tell_where_commands_are() {
    let mut s = Session::new("bash", &[("LAYERLAB_MARKS", "1")], &[]);
    assert_eq!(s.screen(), "\x1b]133;A\x1b\\$ \x1b]133;B\x1b\\");
    let out = s.keys("false; echo a\r");
    assert_eq!(
        out,
        "false; echo a\n\x1b]633;E;false\\x3b echo a\x1b\\\x1b]133;C\x1b\\a\n\x1b]133;D;0\x1b\\\x1b]133;A\x1b\\$ \x1b]133;B\x1b\\"
    );
}

#[test]
fn a_shell_can_be_cloned_at_its_prompt() {
    let mut s = Session::new("bash", &[], &[]);
    s.keys("x=1; f() { echo $x; }\r");
    assert!(s.k.try_clone().is_none(), "the test's own first process cannot be cloned");
    assert_eq!(s.keys("f\r"), "f\n1\n$ ");
}

#[test]
fn dash_reads_lines_from_the_terminal() {
    let mut s = Session::new("dash", &[], &[]);
    assert_eq!(s.screen(), "$ ");
    assert_eq!(s.keys("echo hi\r"), "echo hi\nhi\n$ ");
    assert_eq!(s.keys("nope\r"), "nope\ndash: 1: nope: not found\n$ ");
}

#[test]
fn typing_ahead_is_not_lost() {
    let mut s = Session::new("bash", &[], &[]);
    s.screen();
    let out = s.keys("echo a\recho b\r");
    assert!(out.contains("a\n") && out.ends_with("b\n$ "), "{out:?}");
}
