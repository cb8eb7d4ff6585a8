use layerlab_kernel::{OpenFlags, WaitFlags, WaitFor};

use crate::{linux, program, say, spec};

/// A file as text.
macro_rules! text {
    ($sys:expr, $path:expr) => {
        $sys.read_file($path).await.map(|b| String::from_utf8_lossy(&b).into_owned())
    };
}

#[test]
fn a_process_finds_itself_and_its_files() {
    let out = linux(&[program!("init", |sys, _a| {
        say!(sys, "{}", text!(sys, "/proc/self/comm").unwrap().trim());
        say!(sys, "{:?}", text!(sys, "/proc/self/cmdline"));
        say!(sys, "{:?}", sys.readlink("/proc/self").await);
        say!(sys, "{:?}", sys.readlink("/proc/1/exe").await);
        sys.chdir("/home/student").await.unwrap();
        say!(sys, "{:?}", sys.readlink("/proc/self/cwd").await);
        let fd = sys.open("/etc/x", OpenFlags { create: true, ..OpenFlags::READ_WRITE }, 0o644).await.unwrap();
        say!(sys, "{:?}", sys.readlink(&format!("/proc/self/fd/{fd}")).await);
        sys.unlink("/etc/x").await.unwrap();
        say!(sys, "{:?}", sys.readlink(&format!("/proc/self/fd/{fd}")).await);
        // The link leads to the file though its name is gone.
        sys.write_all(fd, "still here").await.unwrap();
        say!(sys, "{:?}", text!(sys, &format!("/proc/self/fd/{fd}")));
        say!(sys, "{:?}", sys.stat("/proc/99").await.map(drop));
    })]);
    assert_eq!(
        out,
        "init\nOk(\"init\\0\")\nOk(\"1\")\nOk(\"/bin/init\")\nOk(\"/home/student\")\nOk(\"/etc/x\")\nOk(\"/etc/x (deleted)\")\nOk(\"still here\")\nErr(ENOENT)\n"
    );
}

#[test]
fn a_pipe_can_be_opened_by_its_descriptor() {
    let out = linux(&[program!("init", |sys, _a| {
        let (r, w) = sys.pipe().await.unwrap();
        let again = sys
            .open(&format!("/proc/self/fd/{w}"), OpenFlags { read: false, write: true, ..OpenFlags::READ }, 0)
            .await
            .unwrap();
        sys.write_all(again, "through").await.unwrap();
        sys.close(again).await.unwrap();
        sys.close(w).await.unwrap();
        say!(sys, "{:?}", sys.stat(&format!("/proc/self/fd/{r}")).await.unwrap().file_type);
        let other = sys.open(&format!("/proc/self/fd/{r}"), OpenFlags::READ, 0).await.unwrap();
        sys.close(r).await.unwrap();
        say!(sys, "{}", String::from_utf8(sys.read_all(other).await.unwrap()).unwrap());
    })]);
    assert_eq!(out, "Fifo\nthrough\n");
}

#[test]
fn named_pipes_wait_for_the_other_side() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkfifo("/tmp/p", 0o666).await.unwrap();
            let nonblock = OpenFlags { nonblock: true, read: false, write: true, ..OpenFlags::READ };
            say!(sys, "{:?}", sys.open("/tmp/p", nonblock, 0).await);
            let child = sys.spawn(spec(&["reader"])).await.unwrap();
            sys.sleep(layerlab_kernel::SimTime::millis(50)).await.unwrap();
            let fd = sys.open("/tmp/p", OpenFlags { read: false, write: true, ..OpenFlags::READ }, 0).await.unwrap();
            sys.write_all(fd, "hello").await.unwrap();
            sys.close(fd).await.unwrap();
            sys.wait(WaitFor::Pid(child), WaitFlags::default()).await.unwrap();
        }),
        program!("reader", |sys, _a| {
            let start = sys.now();
            let fd = sys.open("/tmp/p", OpenFlags::READ, 0).await.unwrap();
            let waited = (sys.now() - start).as_millis() >= 40;
            let all = sys.read_all(fd).await.unwrap();
            say!(sys, "{waited} {}", String::from_utf8(all).unwrap());
        }),
    ]);
    assert_eq!(out, "Err(ENXIO)\ntrue hello\n");
}

#[test]
fn what_is_read_in_parts_is_of_one_moment() {
    let out = linux(&[program!("init", |sys, _a| {
        let fd = sys.open("/proc/uptime", OpenFlags::READ, 0).await.unwrap();
        let mut all = Vec::new();
        loop {
            let part = sys.read(fd, 1).await.unwrap();
            if part.is_empty() {
                break;
            }
            all.extend_from_slice(&part);
            sys.sleep(layerlab_kernel::SimTime::millis(700)).await.unwrap();
        }
        say!(sys, "{}", String::from_utf8(all).unwrap().trim());
    })]);
    assert!(out.starts_with("0.00 "), "{out}");
}

#[test]
fn sysctls_are_checked_and_belong_to_their_namespace() {
    let out = linux(&[program!("init", |sys, _a| {
        sys.write_file("/proc/sys/kernel/hostname", "other\n", 0).await.unwrap();
        say!(sys, "{}", sys.uname().await.unwrap().nodename);
        say!(sys, "{:?}", sys.write_file("/proc/sys/net/ipv4/ip_forward", "x", 0).await);
        sys.write_file("/proc/sys/net/ipv4/ip_forward", "0", 0).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/proc/sys/net/ipv4/ip_forward"));
        say!(sys, "{:?}", sys.write_file("/proc/sys/kernel/osrelease", "1", 0).await);
        sys.chmod("/tmp/out", 0o666).await.unwrap();
        sys.set_uid(1000, 1000, Vec::new()).await.unwrap();
        say!(sys, "{:?}", sys.write_file("/proc/sys/kernel/hostname", "mine", 0).await);
    })]);
    assert_eq!(out, "other\nErr(EINVAL)\nOk(\"0\\n\")\nErr(EACCES)\nErr(EACCES)\n");
}
