//! What other processes see of a shell.

use crate::machine::run;

#[test]
fn scripts_come_from_standard_input_and_share_it() {
    let r = run(&["bash"], "read x\nline\necho got $x\ncat\nrest\n");
    assert_eq!((r.stdout.as_str(), r.status), ("got line\nrest\n", 0));
}

#[test]
fn an_endless_recursion_is_an_error_and_not_a_crash() {
    let r = run(&["bash", "-c", "f() { f; }; f; echo no"], "");
    assert_eq!((r.stdout.as_str(), r.status), ("", 1));
    assert!(r.stderr.contains("maximum function nesting level exceeded"));
    let r = run(&["bash", "-c", "f() { echo $(f); }; f | cat; echo end"], "");
    assert!(r.stdout.ends_with("end\n"));
}

#[test]
fn the_last_command_takes_the_shell_s_place() {
    let r = run(&["bash", "-c", "echo $$; exec sh -c 'echo $$'"], "");
    let pids: Vec<&str> = r.stdout.lines().collect();
    assert_eq!(pids.first(), pids.get(1));
    let r = run(&["dash", "-c", "sh -c 'echo $PPID'"], "");
    assert_eq!(r.stdout, "1\n");
}

#[test]
fn a_file_without_an_interpreter_line_is_a_script() {
    let r = run(&["bash", "-c", "echo 'echo script $1' > s; chmod +x s; ./s arg; chmod -x s; ./s; echo $?"], "");
    assert_eq!(r.stdout, "script arg\n126\n");
}

#[test]
fn scripts_and_their_arguments() {
    let r = run(
        &["bash", "-c", "echo 'echo \"$0 $1 $#\"; exit 3' > /tmp/s; bash /tmp/s a b; echo $?; bash /none; echo $?"],
        "",
    );
    assert_eq!(r.stdout, "/tmp/s a 2\n3\n127\n");
    assert_eq!(r.stderr, "bash: /none: No such file or directory\n");
}
