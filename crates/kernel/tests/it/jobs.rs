//! Job control and hang-ups: who may use a terminal, and what becomes of jobs that nobody looks after.

use layerlab_kernel::{
    Disposition, Errno, ExitStatus, Fd, OpenFlags, Pid, Program, ProgramArgs, Resource, Signal, SimTime, SpawnSpec,
    StateHasher, Step, Sys, Syscall, Termios, WaitFlags, WaitFor, WinSize,
};

use crate::{outcome, program, say, spec};

const STOPPED: WaitFlags = WaitFlags { no_hang: false, untraced: true };

/// Makes the caller the leader of a session on a new terminal; answers the master's side and the slave's.
async fn session(sys: &Sys, argv: &[&str]) -> (Fd, Fd, Pid) {
    let (m, s) = sys.open_pty().await.unwrap();
    let spec = SpawnSpec { fds: vec![(0, s), (1, s)], new_session: true, controlling_tty: Some(0), ..spec(argv) };
    let pid = sys.spawn(spec).await.unwrap();
    (m, s, pid)
}

/// Starts a program in a group of its own in the caller's session.
async fn background(sys: &Sys, argv: &[&str]) -> Pid {
    let p = sys.spawn(SpawnSpec { fds: vec![(0, 0), (1, 1)], ..spec(argv) }).await.unwrap();
    sys.set_pgid(p.0, p.0).await.unwrap();
    p
}

#[test]
fn a_background_job_that_reads_or_sets_the_terminal_stops() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let (_m, _s, p) = session(&sys, &["shell"]).await;
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
        }),
        program!("shell", |sys, _a| {
            for what in ["read", "write", "set", "tostop", "write"] {
                if what == "tostop" {
                    sys.tc_set_attr(0, Termios { tostop: true, ..Termios::COOKED }).await.unwrap();
                    continue;
                }
                let p = background(&sys, &["job", what]).await;
                let (_, status) = sys.wait(WaitFor::Pid(p), STOPPED).await.unwrap();
                say!(sys, "{what} {status:?}");
                let _ = sys.kill(p.0 as i32, Some(Signal::KILL)).await;
            }
        }),
        program!("job", |sys, a| {
            let r = match a.argv[1].as_str() {
                "read" => sys.read(0, 10).await.map(|_| ()),
                "write" => sys.write_all(1, "x").await,
                _ => sys.tc_set_attr(0, Termios::COOKED).await,
            };
            if r.is_err() {
                return 9;
            }
        }),
    ]);
    assert_eq!(out, "read Stopped(TTIN)\nwrite Code(0)\nset Stopped(TTOU)\nwrite Stopped(TTOU)\n");
}

#[test]
fn who_ignores_the_signal_or_has_nobody_to_continue_it_gets_an_error() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let (_m, _s, _p) = session(&sys, &["shell"]).await;
            sys.sleep(SimTime::secs(1)).await.unwrap();
        }),
        program!("shell", |sys, _a| {
            background(&sys, &["job", "ignore"]).await;
            background(&sys, &["job", "parent"]).await;
            sys.sleep(SimTime::secs(5)).await.unwrap();
        }),
        program!("job", |sys, a| {
            match a.argv[1].as_str() {
                "ignore" => {
                    sys.sigaction(Signal::TTIN, Disposition::Ignore).await.unwrap();
                    say!(sys, "ignored {:?}", sys.read(0, 10).await);
                }
                // Its child is left alone in the group: it is orphaned.
                "parent" => {
                    let p = sys.spawn(SpawnSpec { fds: vec![(0, 0)], ..spec(&["job", "orphan"]) }).await.unwrap();
                    let _ = p;
                }
                _ => {
                    sys.sleep(SimTime::millis(100)).await.unwrap();
                    say!(sys, "orphan {:?}", sys.read(0, 10).await);
                    // Nor does TSTP stop it.
                    sys.kill(sys.pid() as i32, Some(Signal::TSTP)).await.unwrap();
                    say!(sys, "still here");
                }
            }
        }),
    ]);
    assert_eq!(out, "ignored Err(EIO)\norphan Err(EIO)\nstill here\n");
}

#[test]
fn a_stopped_group_that_becomes_orphaned_is_hung_up() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let (_m, _s, p) = session(&sys, &["shell"]).await;
            say!(sys, "shell {:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
            // Handed on to number 1.
            say!(sys, "job {:?}", sys.wait(WaitFor::Any, WaitFlags::default()).await.unwrap().1);
        }),
        program!("shell", |sys, _a| {
            let p = background(&sys, &["job"]).await;
            sys.kill(p.0 as i32, Some(Signal::STOP)).await.unwrap();
            sys.wait(WaitFor::Pid(p), STOPPED).await.unwrap();
        }),
        program!("job", |sys, _a| {
            sys.sleep(SimTime::secs(1)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "shell Code(0)\njob Signal(HUP)\n");
}

#[test]
fn a_terminal_that_hangs_up_tells_the_leader_and_the_job_in_front() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let (m, s, p) = session(&sys, &["shell"]).await;
            sys.close(s).await.unwrap();
            sys.sleep(SimTime::millis(100)).await.unwrap();
            sys.set_win_size(m, WinSize { rows: 10, cols: 20 }).await.unwrap();
            sys.sleep(SimTime::millis(100)).await.unwrap();
            sys.close(m).await.unwrap();
            say!(sys, "leader {:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
        }),
        program!("shell", |sys, _a| {
            let p = background(&sys, &["front"]).await;
            sys.tc_set_pgrp(0, p.0).await.unwrap();
            say!(sys, "front {:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.map(|c| c.1));
            sys.sleep(SimTime::secs(5)).await.unwrap();
        }),
        program!("front", |sys, _a| {
            sys.sigaction(Signal::WINCH, Disposition::Catch).await.unwrap();
            let r = sys.sleep(SimTime::secs(5)).await;
            say!(sys, "{r:?} {:?} {:?}", sys.take_signals(), sys.win_size(0).await.unwrap());
            sys.sleep(SimTime::secs(5)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "Err(EINTR) [WINCH] WinSize { rows: 10, cols: 20 }\nleader Signal(HUP)\n");
}

#[test]
fn cpu_time_runs_out() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            for (soft, hard) in [(1, 5), (1, 1), (2, 4)] {
                let limits = vec![(Resource::Cpu, soft, hard)];
                let name = if soft == 2 { "deaf" } else { "busy" };
                let p = sys.spawn(SpawnSpec { limits, ..spec(&[name]) }).await.unwrap();
                say!(sys, "{:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
            }
        }),
        program!("busy", |sys, _a| {
            loop {
                sys.charge(SimTime::millis(1));
                let _ = sys.getcwd().await;
            }
        }),
        program!("deaf", |sys, _a| {
            sys.sigaction(Signal::XCPU, Disposition::Catch).await.unwrap();
            let mut seen = 0;
            loop {
                sys.charge(SimTime::millis(1));
                let _ = sys.getcwd().await;
                if !sys.take_signals().is_empty() {
                    seen += 1;
                    say!(sys, "warned {seen}");
                }
            }
        }),
    ]);
    assert_eq!(out, "Signal(XCPU)\nSignal(KILL)\nwarned 1\nwarned 2\nSignal(KILL)\n");
}

/// Opens a named pipe in the middle of its work and goes on; its next step waits.
#[derive(Clone, Hash)]
struct Redirects(u8);

impl Program for Redirects {
    fn resume(&mut self, cx: &mut layerlab_kernel::Cx<'_>) -> Step {
        self.0 += 1;
        match self.0 {
            1 => {
                let fd = cx.open("/tmp/fifo", OpenFlags::CREATE, 0o644).unwrap();
                cx.dup2(fd, 1).unwrap();
                cx.close(fd).unwrap();
                Step::Syscall(Syscall::Write { fd: 1, data: std::rc::Rc::new(b"hello".to_vec()) })
            }
            _ => Step::exit(i32::from(cx.result().is_err())),
        }
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
}

fn redirects(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Redirects(0))
}

#[test]
fn a_named_pipe_opened_at_once_makes_the_next_step_wait() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            sys.mkfifo("/tmp/fifo", 0o644).await.unwrap();
            let p = sys.spawn(spec(&["redirects"])).await.unwrap();
            sys.sleep(SimTime::millis(500)).await.unwrap();
            let wait = sys.wait(WaitFor::Pid(p), WaitFlags { no_hang: true, ..WaitFlags::default() }).await;
            say!(sys, "{}", wait == Err(Errno::EAGAIN));
            let fd = sys.open("/tmp/fifo", OpenFlags::READ, 0).await.unwrap();
            say!(sys, "{}", String::from_utf8_lossy(&sys.read_all(fd).await.unwrap()));
            sys.close(fd).await.unwrap();
            let (_, status) = sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            say!(sys, "{}", status == ExitStatus::Code(0));
            // Ended while it waits: nothing is left open.
            let p = sys.spawn(spec(&["redirects"])).await.unwrap();
            sys.sleep(SimTime::millis(500)).await.unwrap();
            sys.kill(p.0 as i32, Some(Signal::TERM)).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
            let late = OpenFlags { nonblock: true, create: false, truncate: false, ..OpenFlags::CREATE };
            say!(sys, "{:?}", sys.open("/tmp/fifo", late, 0).await);
        }),
        ("redirects", redirects),
    ]);
    assert_eq!(out, "true\nhello\ntrue\nSignal(TERM)\nErr(ENXIO)\n");
}

/// Only a group that becomes orphaned is hung up: one that always was, as a script's, is left alone
/// (kernel/exit.c `kill_orphaned_pgrp`).
#[test]
fn a_stopped_process_beside_one_that_ends_is_left_alone() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let script = sys.spawn(SpawnSpec { new_session: true, ..spec(&["script"]) }).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(script), WaitFlags::default()).await.unwrap().1);
        }),
        program!("script", |sys, _a| {
            let job = sys.spawn(spec(&["job", "1"])).await.unwrap();
            sys.kill(job.0 as i32, Some(Signal::STOP)).await.unwrap();
            let other = sys.spawn(spec(&["job", "0"])).await.unwrap();
            sys.wait(WaitFor::Pid(other), WaitFlags::default()).await.unwrap();
            sys.kill(job.0 as i32, Some(Signal::CONT)).await.unwrap();
            say!(sys, "job {:?}", sys.wait(WaitFor::Pid(job), WaitFlags::default()).await.unwrap().1);
        }),
        program!("job", |sys, a| {
            sys.sleep(SimTime::secs(a.argv[1].parse().unwrap())).await.unwrap();
        }),
    ]);
    assert_eq!(out, "job Code(0)\nCode(0)\n");
}
