use layerlab_kernel::vfs::{ChangeKind, Inode, Tree};
use layerlab_kernel::{Errno, OpenFlags, SetTime, SimTime};

use crate::{outcome, program, say};

#[test]
fn files_have_names_modes_and_links() {
    let out = outcome(&[program!("init", |sys, _a| {
        sys.mkdir("/tmp/d", 0o777).await.unwrap();
        sys.write_file("/tmp/d/f", "hello", 0o666).await.unwrap();
        let s = sys.stat("/tmp/d/f").await.unwrap();
        say!(sys, "{:o} {} {}", s.mode, s.size, s.nlink);
        sys.link("/tmp/d/f", "/tmp/g").await.unwrap();
        sys.symlink("../tmp/d", "/tmp/l").await.unwrap();
        say!(sys, "{}", String::from_utf8(sys.read_file("/tmp/l/f").await.unwrap()).unwrap());
        say!(sys, "{}", sys.real_path("/tmp/l/../d/f").await.unwrap());
        say!(sys, "{:?} {:?}", sys.rmdir("/tmp/d").await, sys.unlink("/tmp/d").await);
        say!(sys, "{:?}", sys.rename("/tmp/d", "/tmp/d/x").await);
        sys.unlink("/tmp/d/f").await.unwrap();
        say!(sys, "{}", sys.stat("/tmp/g").await.unwrap().nlink);
        say!(sys, "{:?} {:?}", sys.stat("/tmp/none/x").await.unwrap_err(), sys.stat("/tmp/g/x").await.unwrap_err());
        sys.symlink("loop", "/tmp/loop").await.unwrap();
        say!(sys, "{:?}", sys.stat("/tmp/loop").await.unwrap_err());
    })]);
    assert_eq!(out, "644 5 1\nhello\n/tmp/d/f\nErr(ENOTEMPTY) Err(EISDIR)\nErr(EINVAL)\n1\nENOENT ENOTDIR\nELOOP\n");
}

#[test]
fn an_open_file_outlives_its_name() {
    let out = outcome(&[program!("init", |sys, _a| {
        sys.write_file("/tmp/f", "still here", 0o666).await.unwrap();
        let fd = sys.open("/tmp/f", OpenFlags::READ, 0).await.unwrap();
        sys.unlink("/tmp/f").await.unwrap();
        say!(sys, "{}", String::from_utf8(sys.read_all(fd).await.unwrap()).unwrap());
    })]);
    assert_eq!(out, "still here\n");
}

#[test]
fn users_may_only_what_modes_allow() {
    let out = outcome(&[program!("init", |sys, _a| {
        sys.write_file("/tmp/secret", "x", 0o600).await.unwrap();
        sys.chmod("/tmp", 0o1777).await.unwrap();
        sys.chown("/home/student", Some(1000), Some(1000), true).await.unwrap();
        sys.write_file("/tmp/out", "", 0o666).await.unwrap();
        sys.chmod("/tmp/out", 0o666).await.unwrap();
        sys.set_uid(1000, 1000, vec![]).await.unwrap();
        say!(sys, "{:?}", sys.read_file("/tmp/secret").await);
        say!(sys, "{:?}", sys.unlink("/tmp/secret").await);
        say!(sys, "{:?}", sys.write_file("/etc/x", "", 0o644).await);
        sys.write_file("/home/student/x", "", 0o644).await.unwrap();
        say!(sys, "{}", sys.stat("/home/student/x").await.unwrap().uid);
    })]);
    assert_eq!(out, "Err(EACCES)\nErr(EPERM)\nErr(EACCES)\n1000\n");
}

#[test]
fn a_diff_tells_what_changed_since_the_base() {
    let mut base = Tree::new();
    base.insert("/etc/a", Inode::file("1", 0o644)).unwrap();
    base.insert("/etc/b", Inode::file("2", 0o644)).unwrap();
    base.insert("/usr/lib/x", Inode::file("3", 0o644)).unwrap();
    let mut now = base.clone();
    assert!(now.diff(&base).is_empty());
    now.insert("/etc/a", Inode::file("changed", 0o644)).unwrap();
    now.remove_path("/usr/lib");
    now.insert("/app/new", Inode::file("4", 0o644)).unwrap();
    let changes: Vec<_> = now.diff(&base).into_iter().map(|c| (c.path, c.kind, c.own)).collect();
    let expected = [
        ("/app", ChangeKind::Added, true),
        ("/app/new", ChangeKind::Added, true),
        ("/etc", ChangeKind::Modified, false),
        ("/etc/a", ChangeKind::Modified, true),
        ("/usr", ChangeKind::Modified, false),
        ("/usr/lib", ChangeKind::Deleted, true),
    ];
    assert_eq!(changes, expected.map(|(p, k, o)| (p.to_owned(), k, o)));
}

#[test]
fn a_tree_refuses_what_is_no_directory() {
    let mut t = Tree::new();
    t.insert("/f", Inode::file("", 0o644)).unwrap();
    assert_eq!(t.mkdir_all("/f/x"), Err(Errno::ENOTDIR));
}

/// mount(8) `relatime`: the first reading after a change is noted.
#[test]
fn reading_is_noted_once_after_each_change() {
    let out = outcome(&[program!("init", |sys, _a| {
        let times = async |what: &str| {
            let s = sys.stat("/tmp/f").await.unwrap();
            let after = |t: (i64, u32)| t.0 - 1_795_248_000;
            say!(sys, "{what} {} {} {}", after(s.atime), after((s.mtime, 0)), after(s.ctime));
        };
        sys.write_file("/tmp/f", "x", 0o666).await.unwrap();
        times("made").await;
        for what in ["read", "again"] {
            sys.sleep(SimTime::secs(1)).await.unwrap();
            sys.read_file("/tmp/f").await.unwrap();
            times(what).await;
        }
        sys.sleep(SimTime::secs(1)).await.unwrap();
        sys.write_file("/tmp/f", "y", 0o666).await.unwrap();
        times("written").await;
        sys.sleep(SimTime::secs(1)).await.unwrap();
        sys.chmod("/tmp/f", 0o600).await.unwrap();
        times("chmod").await;
        sys.read_file("/tmp/f").await.unwrap();
        sys.set_times("/tmp/f", SetTime::Keep, SetTime::At(1_795_248_009, 0)).await.unwrap();
        times("set").await;
    })]);
    assert_eq!(out, "made 0 0 0\nread 1 0 0\nagain 1 0 0\nwritten 1 3 3\nchmod 1 3 4\nset 4 9 4\n");
}

/// fs/inode.c `file_remove_privs`: who may not keep it takes the setuid bit away by writing.
#[test]
fn writing_takes_privileges_away() {
    let out = outcome(&[program!("init", |sys, _a| {
        let mode = async || sys.stat("/home/student/f").await.unwrap().mode;
        sys.chown("/home/student", Some(1000), Some(1000), true).await.unwrap();
        sys.write_file("/home/student/f", "x", 0).await.unwrap();
        sys.chown("/home/student/f", Some(1000), Some(1000), true).await.unwrap();
        sys.chmod("/home/student/f", 0o6755).await.unwrap();
        sys.write_file("/home/student/f", "root", 0).await.unwrap();
        say!(sys, "{:o}", mode().await);
        sys.chmod("/tmp/out", 0o666).await.unwrap();
        sys.set_uid(1000, 1000, vec![]).await.unwrap();
        sys.write_file("/home/student/f", "owner", 0).await.unwrap();
        say!(sys, "{:o}", mode().await);
    })]);
    assert_eq!(out, "6755\n755\n");
}

#[test]
fn a_hole_takes_room_here() {
    let out = outcome(&[program!("init", |sys, _a| {
        for name in ["a", "b"] {
            let fd = sys.open(&format!("/tmp/{name}"), OpenFlags::CREATE, 0o644).await.unwrap();
            say!(sys, "{:?}", sys.truncate(fd, 200 << 20).await);
            say!(sys, "{:?}", sys.truncate(fd, 1 << 40).await);
        }
        let free = sys.mounts().await.unwrap()[0].free >> 20;
        say!(sys, "{}", (50..56).contains(&free));
    })]);
    assert_eq!(out, "Ok(())\nErr(EFBIG)\nErr(ENOSPC)\nErr(EFBIG)\ntrue\n");
}
