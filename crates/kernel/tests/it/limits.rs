//! A machine stays usable whatever its programs do.

use layerlab_kernel::{
    Cx, MountFlags, OpenFlags, Program, ProgramArgs, Resource, SimTime, SpawnSpec, StateHasher, Step, Syscall,
    WaitFlags, WaitFor,
};

use crate::{linux, machine, program, say, spec};

/// `:(){ :|:& };:`: each one forks without end.
#[derive(Clone, Hash)]
struct Bomb;

impl Program for Bomb {
    fn resume(&mut self, _: &mut Cx<'_>) -> Step {
        Step::Syscall(Syscall::Fork)
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, _: &mut StateHasher) {}
}

fn bomb(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Bomb)
}

#[test]
fn a_fork_bomb_meets_a_limit_and_can_be_killed() {
    let programs = [
        program!("init", |sys, _a| {
            let s =
                SpawnSpec { uid: 1000, gid: 1000, limits: vec![(Resource::Processes, 200, 200)], ..spec(&["bomb"]) };
            sys.spawn(s).await.unwrap();
            sys.sleep(SimTime::millis(500)).await.unwrap();
            let count = sys.procs().await.unwrap().iter().filter(|p| p.uid == 1000).count();
            say!(sys, "{count}");
            // killall -u student
            for _ in 0..3 {
                for p in sys.procs().await.unwrap().iter().filter(|p| p.uid == 1000) {
                    let _ = sys.kill(p.pid as i32, Some(layerlab_kernel::Signal::KILL)).await;
                }
                while sys.wait(WaitFor::Any, WaitFlags { no_hang: true, ..WaitFlags::default() }).await.is_ok() {}
                sys.sleep(SimTime::millis(10)).await.unwrap();
            }
            say!(sys, "{}", sys.procs().await.unwrap().iter().filter(|p| p.uid == 1000).count());
        }),
        ("bomb", bomb),
    ];
    let mut k = machine(&programs);
    k.run_until(SimTime::secs(2));
    assert_eq!(String::from_utf8_lossy(&k.read_file("/tmp/out").unwrap()), "200\n0\n");
}

#[test]
fn descriptors_run_out_as_on_linux() {
    let out = linux(&[program!("init", |sys, _a| {
        let mut n = 0;
        let e = loop {
            match sys.pipe().await {
                Ok(_) => n += 1,
                Err(e) => break e,
            }
        };
        // Two of /tmp/out's own are needed to tell of it.
        sys.close(0).await.unwrap();
        say!(sys, "{n} {e}");
        sys.set_limit(0, Resource::Files, 30_000, 1_048_576).await.unwrap();
        while n < 10_000 {
            sys.pipe().await.unwrap();
            n += 1;
        }
        say!(sys, "{n}");
    })]);
    assert_eq!(out, "512 Too many open files\n10000\n");
}

#[test]
fn files_end_at_the_limit_or_at_the_disk() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let fd = sys.open("/tmp/big", OpenFlags::CREATE, 0o644).await.unwrap();
            let mut written = 0_u64;
            let e = loop {
                match sys.write(fd, layerlab_kernel::Bytes::new(vec![0; 1 << 20])).await {
                    Ok(n) => written += n as u64,
                    Err(e) => break e,
                }
            };
            sys.unlink("/tmp/big").await.unwrap();
            sys.close(fd).await.unwrap();
            say!(sys, "{} {e}", written > 100 << 20);
            let s = SpawnSpec { limits: vec![(Resource::FileSize, 10_000, 10_000)], ..spec(&["writer"]) };
            let p = sys.spawn(s).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
            say!(sys, "{}", sys.stat("/tmp/w").await.unwrap().size);
        }),
        program!("writer", |sys, _a| {
            let fd = sys.open("/tmp/w", OpenFlags::CREATE, 0o644).await.unwrap();
            loop {
                sys.write_all(fd, vec![1; 3000]).await.unwrap();
            }
        }),
    ]);
    assert_eq!(out, "true No space left on device\nSignal(XFSZ)\n10000\n");
}

#[test]
fn the_machine_itself_has_room_for_so_many_processes() {
    let programs = [
        program!("init", |sys, _a| {
            sys.spawn(SpawnSpec { uid: 1000, gid: 1000, ..spec(&["bomb"]) }).await.unwrap();
            sys.sleep(SimTime::secs(1)).await.unwrap();
            say!(sys, "alive");
            sys.sleep(SimTime::secs(1000)).await.unwrap();
        }),
        ("bomb", bomb),
    ];
    let mut k = machine(&programs);
    k.run_until(SimTime::millis(1_200));
    assert_eq!(String::from_utf8_lossy(&k.read_file("/tmp/out").unwrap()), "alive\n");
    assert!(k.sys.processes.len() <= 2_000);
}

#[test]
fn arguments_and_environment_have_an_end() {
    let out = linux(&[program!("init", |sys, _a| {
        let long = |n: usize| SpawnSpec { argv: vec!["/bin/init".to_owned(), "x".repeat(n)], ..spec(&[]) };
        say!(sys, "{:?}", sys.spawn(long(128 << 10)).await);
        let many = SpawnSpec { argv: vec!["/bin/init".to_owned(); 200_000], ..spec(&[]) };
        say!(sys, "{:?}", sys.spawn(many).await);
        say!(sys, "{:?}", sys.exec("/bin/init", vec!["x".repeat(100_000); 30], Vec::new()).await);
    })]);
    assert_eq!(out, "Err(E2BIG)\nErr(E2BIG)\nErr(E2BIG)\n");
}

/// `mount --rbind / /mnt` over and over doubles them.
#[test]
fn mounts_have_an_end() {
    let out = linux(&[program!("init", |sys, _a| {
        sys.mkdir("/mnt", 0o755).await.unwrap();
        let flags = MountFlags { bind: true, recursive: true, ..MountFlags::default() };
        let e = loop {
            if let Err(e) = sys.mount("/", "/mnt", "", flags, "").await {
                break e;
            }
        };
        say!(sys, "{e} {}", sys.mounts().await.unwrap().len() <= 2_000);
    })]);
    assert_eq!(out, "No space left on device true\n");
}
