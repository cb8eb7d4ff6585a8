use layerlab_kernel::{Cap, ExitStatus, OpenFlags, SpawnSpec, Syscall, WaitFlags, WaitFor};

use crate::{linux, program, say, spec};

#[test]
fn capabilities_are_what_counts_not_the_name_root() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let without = |c: Cap| Some(layerlab_kernel::capability::ALL & !c.bit());
            for c in [Cap::Chown, Cap::Mknod, Cap::SysAdmin, Cap::DacOverride] {
                let s = SpawnSpec { caps: without(c), ..spec(&["root", c.name()]) };
                let p = sys.spawn(s).await.unwrap();
                sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            }
        }),
        program!("root", |sys, a| {
            let mut failed = Vec::new();
            sys.write_file("/tmp/f", "x", 0o000).await.unwrap();
            if sys.chown("/tmp/f", Some(5), None, true).await.is_err() {
                failed.push("chown");
            }
            if sys.mknod("/tmp/n", 0o600, layerlab_kernel::vfs::Node::Block(1, 2)).await.is_err() {
                failed.push("mknod");
            }
            if sys.call(Syscall::SetHostname { name: "x".into() }).await.is_err() {
                failed.push("hostname");
            }
            if sys.open("/tmp/f", OpenFlags::READ, 0).await.is_err() {
                failed.push("open");
            }
            let _ = sys.unlink("/tmp/f").await;
            let _ = sys.unlink("/tmp/n").await;
            say!(sys, "{} {}", a.argv[1], failed.join(" "));
        }),
    ]);
    // Reading is also what CAP_DAC_READ_SEARCH gives.
    assert_eq!(out, "CAP_CHOWN chown\nCAP_MKNOD mknod\nCAP_SYS_ADMIN hostname\nCAP_DAC_OVERRIDE \n");
}

#[test]
fn a_setuid_file_gives_its_owner_unless_that_is_forbidden() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.chmod("/bin/who", 0o4755).await.unwrap();
            sys.chmod("/tmp", 0o1777).await.unwrap();
            for no_new_privs in [false, true] {
                let s = SpawnSpec { uid: 1000, gid: 1000, no_new_privs, ..spec(&["who"]) };
                let p = sys.spawn(s).await.unwrap();
                sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            }
        }),
        program!("who", |sys, _a| {
            let status = sys.read_file("/proc/self/status").await.unwrap();
            let status = String::from_utf8_lossy(&status).into_owned();
            let line = |n: &str| status.lines().find(|l| l.starts_with(n)).unwrap_or_default().replace('\t', " ");
            say!(sys, "{} / {}", line("Uid:"), line("CapEff:"));
            let _ = sys.chmod("/tmp/out", 0o666).await;
        }),
    ]);
    assert_eq!(
        out,
        "Uid: 1000 0 0 0 / CapEff: 000001ffffffffff\nUid: 1000 1000 1000 1000 / CapEff: 0000000000000000\n"
    );
}

#[test]
fn sticky_directories_setgid_directories_and_signals() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.chmod("/tmp", 0o1777).await.unwrap();
            say!(sys, "start");
            sys.chmod("/tmp/out", 0o666).await.unwrap();
            sys.write_file("/tmp/roots", "x", 0o666).await.unwrap();
            sys.mkdir("/shared", 0o777).await.unwrap();
            sys.chown("/shared", None, Some(50), true).await.unwrap();
            sys.chmod("/shared", 0o2777).await.unwrap();
            let p = sys.spawn(SpawnSpec { uid: 1000, gid: 1000, ..spec(&["student"]) }).await.unwrap();
            let (_, s) = sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            say!(sys, "{}", s == ExitStatus::Code(0));
        }),
        program!("student", |sys, _a| {
            say!(sys, "{:?}", sys.unlink("/tmp/roots").await);
            sys.mkdir("/shared/d", 0o755).await.unwrap();
            sys.write_file("/shared/d/f", "x", 0o644).await.unwrap();
            let s = sys.stat("/shared/d/f").await.unwrap();
            say!(sys, "{:o} {}", sys.stat("/shared/d").await.unwrap().mode, s.gid);
            say!(
                sys,
                "{:?} {:?}",
                sys.kill(1, Some(layerlab_kernel::Signal::TERM)).await,
                sys.chown("/shared/d/f", Some(0), None, true).await
            );
        }),
    ]);
    assert_eq!(out, "start\nErr(EPERM)\n2755 50\nErr(EPERM) Err(EPERM)\ntrue\n");
}
