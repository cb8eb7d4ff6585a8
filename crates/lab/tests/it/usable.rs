//! The machine stays usable whatever is typed: ^C works, limits answer as Linux does, the prompt is back.

use layerlab_kernel::SimTime;
use layerlab_lab::{Input, Session};

use crate::{plain, said as enter, session};

/// Types a line, lets it run for some time, types ^C and waits for the prompt; answers what was shown.
fn interrupted(s: &mut Session, line: &str, millis: u64) -> String {
    s.take_output();
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    s.run_slice(s.world().now() + SimTime::millis(millis), u64::MAX);
    s.apply(Input::Key(b"\x03".to_vec())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(30)), "^C does not end '{line}'");
    plain(&String::from_utf8_lossy(&s.take_output()))
}

/// The prompt answers, with a builtin and with a program.
fn answers(s: &mut Session, after: &str) {
    let shown = enter(s, "echo o''k; /bin/echo go''od");
    assert!(shown.contains("ok\r\ngood\r\n"), "after '{after}': {shown}");
}

#[test]
fn an_endless_loop_ends_with_control_c() {
    let mut s = session();
    for line in [
        "while :; do :; done",
        "for ((;;)); do :; done",
        "until false; do true; done",
        "f() { f; }; while :; do f 2>/dev/null; done",
        "while :; do /bin/true; done",
        "while :; do (:); done",
        "while :; do x=$(echo a); done",
        "sh -c 'while :; do :; done'",
        "read x",
        "cat",
        "sleep 1000 | sleep 1000",
    ] {
        interrupted(&mut s, line, 211);
        answers(&mut s, line);
    }
}

/// A script of bash goes on only where the command in front lived on with ^C; dash's and ash's ends in any case.
#[test]
fn a_script_ends_with_control_c_as_its_command_does() {
    let mut s = session();
    for (line, wanted) in [
        ("bash -c 'sleep 5; echo af''ter'", false),
        ("bash -c '(trap \"\" INT; sleep 1); echo af''ter'", true),
        ("bash -c 'trap \"echo af''ter\" EXIT; sleep 5'", true),
        ("bash -c 'sleep 5 | cat; echo af''ter'", false),
        ("bash -c 'x=$(sleep 5); echo af''ter'", false),
        ("sh -c 'sleep 5; echo af''ter'", false),
        ("sh -c '(trap \"\" INT; sleep 1); echo af''ter'", false),
        ("sh -c 'trap \"echo af''ter\" INT; sleep 5'", true),
        ("sh -c 'trap \"echo af''ter\" EXIT; sleep 5'", false),
    ] {
        let shown = interrupted(&mut s, line, 211);
        assert_eq!(shown.contains("after"), wanted, "{line}: {shown}");
        answers(&mut s, line);
    }
}

#[test]
fn endless_output_ends_with_control_c() {
    let mut s = session();
    for line in ["yes", "yes | cat", "cat /dev/zero", "cat /dev/urandom | base64", "yes > /dev/null", "seq 1000000000"]
    {
        interrupted(&mut s, line, 30);
        answers(&mut s, line);
    }
    assert!(s.transcript().len() < 6 << 20);
    // A pipe that nobody reads any more ends the writer.
    assert!(enter(&mut s, "yes | head -n 1; echo ${PIPESTATUS[@]}").contains("y\r\n141 0"));
}

#[test]
fn a_full_disk_says_so() {
    let mut s = session();
    let full = "No space left on device";
    // Zeros take real memory here: it ends before the real disk would.
    assert!(enter(&mut s, "cat /dev/zero > x").contains(&format!("cat: write error: {full}")));
    assert!(enter(&mut s, "echo more > y; echo $?").contains(full));
    answers(&mut s, "");
    enter(&mut s, "rm x");
    assert!(enter(&mut s, "echo more > y; cat y").contains("more\r\n"));
    assert!(enter(&mut s, "head -c 10G /dev/zero > x; echo $?").contains(full));
    enter(&mut s, "rm x");
    // tee goes on as long as it can write somewhere.
    let shown = interrupted(&mut s, "cat /dev/zero | tee x > /dev/null", 450);
    assert!(shown.contains(&format!("tee: x: {full}")), "{shown}");
    enter(&mut s, "rm x");
    // Interrupted before it is full.
    interrupted(&mut s, "cat /dev/zero | tee x", 50);
    answers(&mut s, "");
    enter(&mut s, "rm x");
    interrupted(&mut s, "while :; do echo line; done > x", 100);
    answers(&mut s, "");
}

#[test]
fn old_states_of_large_files_are_let_go() {
    let mut s = session();
    for _ in 0..6 {
        enter(&mut s, "head -c 120M /dev/zero > x");
    }
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident =
        memory.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(resident.is_none_or(|kb| kb < 600 << 10), "{resident:?}");
    // Undo is there, by playing what was typed where the state itself is not kept.
    assert!(s.undo());
    answers(&mut s, "");
}

#[test]
fn a_fork_bomb_meets_a_limit() {
    let mut s = session();
    let shown = interrupted(&mut s, ":(){ :|:& };:", 5_000);
    assert!(shown.contains("fork: retry: Resource temporarily unavailable"), "{shown}");
    // The shell itself answers; who has room starts programs.
    assert!(enter(&mut s, "echo o''k").contains("ok\r\n"));
    // As root one can count, though the student has no room.
    let mine = s.world().kernel.sys.process_list(layerlab_kernel::PidNsId(0));
    assert!((500..1_100).contains(&mine.len()), "{}", mine.len());
    // Everything of this user but init's ends; a new shell comes.
    s.apply(Input::Key(b"kill -9 -1\r".to_vec())).unwrap();
    s.run_slice(s.world().now() + SimTime::secs(5), u64::MAX);
    answers(&mut s, "");
    let left = s.world().kernel.sys.process_list(layerlab_kernel::PidNsId(0));
    assert!(left.len() < 20, "{}", left.len());
}

#[test]
fn a_fork_bomb_within_a_limit_of_its_own_leaves_room() {
    let mut s = session();
    interrupted(&mut s, "bash -c 'ulimit -u 30; :(){ :|:& };:'", 5_000);
    answers(&mut s, "");
    let shown = enter(&mut s, "(ulimit -u 1; ls; echo not reached); echo $?");
    assert!(shown.contains("fork: Resource temporarily unavailable\r\n254"), "{shown}");
}

#[test]
fn many_processes_and_descriptors_run_out_as_on_linux() {
    let mut s = session();
    // A pipeline of 10,000: there is no room for so many.
    enter(&mut s, "p=:; for i in {1..13}; do p=\"$p|$p\"; done");
    let shown = enter(&mut s, "eval \"$p\" 2>&1 | tail -n 1");
    assert!(shown.contains("Resource temporarily unavailable"), "{shown}");
    answers(&mut s, "");
    // Nested command substitutions.
    enter(&mut s, "q='echo deep'; for i in {1..13}; do q=\"echo \\$($q)\"; done");
    assert!(enter(&mut s, "eval \"$q\"").contains("deep\r\n"));
    let shown = enter(&mut s, "f() { echo $(f); }; f 2>&1 | head -n 1");
    assert!(shown.contains("fork"), "{shown}");
    answers(&mut s, "");
    let shown =
        enter(&mut s, "(ulimit -n 20; for i in {3..30}; do eval \"exec $i</dev/null\" || break; done; echo $i)");
    assert!(shown.contains(": 20: Bad file descriptor") || shown.contains("Too many open files"), "{shown}");
    let shown = enter(&mut s, "(ulimit -n 4; echo a | cat)");
    assert!(shown.contains("pipe error: Too many open files"), "{shown}");
    answers(&mut s, "");
}

#[test]
fn limits_that_the_shell_sets_are_in_force() {
    let mut s = session();
    let shown = enter(&mut s, "bash -c 'ulimit -f 1; head -c 5000 /dev/zero > big; echo $?; stat -c %s big'");
    assert!(shown.contains("File size limit exceeded") && shown.contains("153\r\n1024"), "{shown}");
    let shown = enter(&mut s, "bash -c '(ulimit -St 1; while :; do :; done); echo $?'");
    assert!(shown.contains("CPU time limit exceeded") && shown.contains("152"), "{shown}");
    let shown = enter(&mut s, "bash -c '(ulimit -t 1; while :; do :; done); echo $?'");
    assert!(shown.contains("Killed") && shown.contains("137"), "{shown}");
    let shown = enter(&mut s, "(ulimit -n 64 -u 200; grep -E 'open files|processes' /proc/self/limits)");
    assert!(shown.contains("Max processes             200                  200                  processes"), "{shown}");
    assert!(shown.contains("Max open files            64                   64                   files"), "{shown}");
    assert!(enter(&mut s, "ulimit -n; (ulimit -Sn 10; ulimit -n; ulimit -Hn)").contains("1024\r\n10\r\n1048576"));
    let shown = enter(&mut s, "(ulimit -v 5000; python3 -c 'x = [0] * 10000000'; echo $?)");
    assert!(!shown.contains("\r\n0\r\n"), "{shown}");
}
