use layerlab_kernel::{
    Cx, Disposition, ExitStatus, OpenFlags, PidNsSpec, Program, ProgramArgs, Signal, SimTime, SpawnSpec, StateHasher,
    Step, Syscall, WaitFlags, WaitFor,
};

use crate::{machine, outcome, program, say};

fn spec(argv: &[&str]) -> SpawnSpec {
    SpawnSpec {
        argv: argv.iter().map(|s| (*s).to_owned()).collect(),
        env: vec![("PATH".into(), "/bin".into())],
        ..SpawnSpec::default()
    }
}

/// Counts children that it forks; each exits with its number.
#[derive(Clone, Hash)]
struct Forker {
    n: i32,
    state: u8,
}

impl Program for Forker {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        loop {
            let r = cx.result();
            match self.state {
                0 => {
                    self.state = 1;
                    return Step::Syscall(Syscall::Fork);
                }
                1 => {
                    if r == Ok(layerlab_kernel::Ret::Num(0)) {
                        return Step::exit(40 + self.n);
                    }
                    self.state = 2;
                    return Step::Syscall(Syscall::Wait { who: WaitFor::Any, flags: WaitFlags::default() });
                }
                _ => {
                    if let Ok(layerlab_kernel::Ret::Child { status, .. }) = r {
                        let fd = cx.open("/tmp/out", OpenFlags::APPEND, 0o644).unwrap();
                        cx.write(fd, format!("{status:?}\n").into_bytes().into()).unwrap();
                        cx.close(fd).unwrap();
                    }
                    self.n += 1;
                    self.state = 0;
                    if self.n == 3 {
                        return Step::Syscall(Syscall::Sleep { duration: SimTime::secs(1000) });
                    }
                }
            }
        }
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
}

fn forker(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Forker { n: 0, state: 0 })
}

#[test]
fn fork_clones_the_program_and_wait_reaps() {
    assert_eq!(outcome(&[("forker", forker)]), "Code(40)\nCode(41)\nCode(42)\n");
}

#[test]
fn a_checkpoint_goes_on_like_the_original() {
    let mut a = machine(&[("forker", forker)]);
    a.run_until(SimTime(200_000));
    let mut b = a.try_clone().unwrap();
    a.run_until(SimTime::secs(5));
    b.run_until(SimTime::secs(5));
    assert_eq!(a.digest(), b.digest());
    assert_eq!(b.read_file("/tmp/out").unwrap().len(), "Code(40)\n".len() * 3);
}

#[test]
fn pipes_block_and_end() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let (r, w) = sys.pipe().await.unwrap();
            let pid = sys.spawn(SpawnSpec { fds: vec![(1, w)], ..spec(&["writer"]) }).await.unwrap();
            sys.close(w).await.unwrap();
            say!(sys, "{}", sys.read_all(r).await.unwrap().len());
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap().1);
            // Nobody reads: the writer dies of it.
            let (r, w) = sys.pipe().await.unwrap();
            let pid = sys.spawn(SpawnSpec { fds: vec![(1, w)], ..spec(&["writer"]) }).await.unwrap();
            sys.close(r).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap().1);
        }),
        program!("writer", |sys, _a| {
            for _ in 0..5 {
                sys.write_all(1, vec![b'x'; 50_000]).await.unwrap();
            }
        }),
    ]);
    assert_eq!(out, "250000\nCode(0)\nSignal(PIPE)\n");
}

#[test]
fn signals_end_or_are_caught_and_number_1_of_a_namespace_ignores_term() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let wait = |pid| sys.wait(WaitFor::Pid(pid), WaitFlags::default());
            let p = sys.spawn(spec(&["sleeper"])).await.unwrap();
            sys.kill(p.0 as i32, Some(Signal::TERM)).await.unwrap();
            say!(sys, "{:?}", wait(p).await.unwrap().1);
            let p = sys.spawn(spec(&["catcher"])).await.unwrap();
            sys.sleep(SimTime::millis(50)).await.unwrap();
            sys.kill(p.0 as i32, Some(Signal::TERM)).await.unwrap();
            say!(sys, "{:?}", wait(p).await.unwrap().1);
            let p = sys.spawn(SpawnSpec { pid_ns: PidNsSpec::New, ..spec(&["sleeper"]) }).await.unwrap();
            sys.sleep(SimTime::millis(50)).await.unwrap();
            sys.kill_host(p, Signal::TERM).await.unwrap();
            sys.sleep(SimTime::millis(50)).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(p), WaitFlags { no_hang: true, untraced: false }).await);
            sys.kill_host(p, Signal::KILL).await.unwrap();
            say!(sys, "{:?}", wait(p).await.unwrap().1);
            say!(sys, "{:?}", sys.spawn(spec(&["nothing"])).await.unwrap_err());
        }),
        program!("sleeper", |sys, _a| {
            sys.sleep(SimTime::secs(100)).await.unwrap();
        }),
        program!("catcher", |sys, _a| {
            sys.sigaction(Signal::TERM, Disposition::Catch).await.unwrap();
            let r = sys.sleep(SimTime::secs(100)).await;
            return if r.is_err() && sys.take_signals() == [Signal::TERM] { 5 } else { 6 };
        }),
    ]);
    assert_eq!(out, "Signal(TERM)\nCode(5)\nErr(EAGAIN)\nSignal(KILL)\nENOENT\n");
}

#[test]
fn a_namespace_ends_with_its_number_1() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let p = sys.spawn(SpawnSpec { pid_ns: PidNsSpec::New, ..spec(&["outer"]) }).await.unwrap();
            sys.sleep(SimTime::millis(100)).await.unwrap();
            let list = sys.procs().await.unwrap();
            say!(sys, "{:?}", list.iter().map(|p| (p.pid, p.argv[0].clone())).collect::<Vec<_>>());
            sys.kill_host(p, Signal::KILL).await.unwrap();
            sys.sleep(SimTime::millis(100)).await.unwrap();
            say!(sys, "{}", sys.procs().await.unwrap().iter().filter(|p| p.state != 'Z').count());
        }),
        program!("outer", |sys, _a| {
            let inner = sys.spawn(spec(&["inner"])).await.unwrap();
            let _ = sys.wait(WaitFor::Pid(inner), WaitFlags::default()).await;
        }),
        program!("inner", |sys, _a| {
            say!(
                sys,
                "inside {} of {:?}",
                sys.pid(),
                sys.procs().await.unwrap().iter().map(|p| (p.pid, p.ppid)).collect::<Vec<_>>()
            );
            sys.sleep(SimTime::secs(100)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "inside 2 of [(1, 0), (2, 1)]\n[(1, \"init\"), (2, \"outer\"), (3, \"inner\")]\n1\n");
}

#[test]
fn scripts_run_by_their_interpreter() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            sys.write_file("/tmp/s", "#! /bin/interp -x\nbody\n", 0o755).await.unwrap();
            let p = sys.spawn(spec(&["/tmp/s", "arg"])).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            sys.write_file("/tmp/plain", "echo hi\n", 0o755).await.unwrap();
            say!(sys, "{:?}", sys.spawn(spec(&["/tmp/plain"])).await.unwrap_err());
            say!(sys, "{:?}", sys.spawn(spec(&["/tmp"])).await.unwrap_err());
        }),
        program!("interp", |sys, a| {
            say!(sys, "{:?}", a.argv);
        }),
    ]);
    assert_eq!(out, "[\"/bin/interp\", \"-x\", \"/tmp/s\", \"arg\"]\nENOEXEC\nEACCES\n");
}

#[test]
fn the_status_of_a_signal_is_128_and_its_number() {
    assert_eq!(ExitStatus::Signal(Signal::KILL).code(), 137);
}

#[test]
fn for_an_observer_what_cannot_be_cloned_stands_still() {
    let mut a = machine(&[program!("init", |sys, _a| {
        loop {
            say!(sys, "tick");
            sys.sleep(SimTime::secs(1)).await.unwrap();
        }
    })]);
    let ticks = |k: &layerlab_kernel::Kernel| k.read_file("/tmp/out").unwrap().len() / "tick\n".len();
    a.run_until(SimTime::secs(3));
    assert!(a.try_clone().is_none());
    let before = (a.digest(), ticks(&a));
    let mut b = a.clone_for_observer();
    b.run_until(SimTime::secs(10));
    assert_eq!(ticks(&b), before.1);
    assert_eq!(a.digest(), before.0);
    a.run_until(SimTime::secs(10));
    assert!(ticks(&a) > before.1 + 5);
}
