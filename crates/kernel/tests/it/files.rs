use layerlab_kernel::vfs::{ChangeKind, Inode, Tree};
use layerlab_kernel::{Errno, OpenFlags};

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
