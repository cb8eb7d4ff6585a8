use layerlab_kernel::net::{LinkKind, NetOp, NsRef, RouteInfo};
use layerlab_kernel::{MountFlags, OpenFlags, SimTime, SpawnSpec, Unshare, WaitFlags, WaitFor};

use crate::{linux, program, say, spec};

macro_rules! text {
    ($sys:expr, $path:expr) => {
        $sys.read_file($path).await.map(|b| String::from_utf8_lossy(&b).trim().to_owned())
    };
}

#[test]
fn a_host_name_of_its_own() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let p = sys.spawn(spec(&["child"])).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            say!(sys, "{}", sys.uname().await.unwrap().nodename);
        }),
        program!("child", |sys, _a| {
            let before = sys.readlink("/proc/self/ns/uts").await.unwrap();
            sys.unshare(Unshare { uts: true, ..Unshare::default() }).await.unwrap();
            sys.write_file("/proc/sys/kernel/hostname", "inner", 0).await.unwrap();
            say!(
                sys,
                "{} {}",
                sys.uname().await.unwrap().nodename,
                before != sys.readlink("/proc/self/ns/uts").await.unwrap()
            );
        }),
    ]);
    assert_eq!(out, "inner true\nlayerlab\n");
}

#[test]
fn a_container_by_hand() {
    let out = linux(&[
        program!("init", |sys, _a| {
            // A root file system with one program in it.
            for d in ["/c", "/c/bin", "/c/proc", "/c/old", "/c/tmp"] {
                sys.mkdir(d, 0o755).await.unwrap();
            }
            let inner = sys.read_file("/bin/inner").await.unwrap();
            sys.write_file("/c/bin/inner", inner, 0o755).await.unwrap();
            sys.unshare(Unshare { pid: true, ..Unshare::default() }).await.unwrap();
            let p = sys.spawn(spec(&["setup"])).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            // The host has seen nothing of its mounts.
            say!(sys, "{}", sys.mounts().await.unwrap().iter().any(|m| m.path.starts_with("/c")));
        }),
        program!("setup", |sys, _a| {
            sys.unshare(Unshare { mount: true, ..Unshare::default() }).await.unwrap();
            let bind = MountFlags { bind: true, ..MountFlags::default() };
            sys.mount("/c", "/c", "", bind, "").await.unwrap();
            sys.mount("/tmp", "/c/tmp", "", bind, "").await.unwrap();
            sys.mount("proc", "/c/proc", "proc", MountFlags::default(), "").await.unwrap();
            sys.pivot_root("/c", "/c/old").await.unwrap();
            sys.chdir("/").await.unwrap();
            say!(sys, "{:?}", sys.stat("/old/bin/setup").await.map(drop));
            say!(sys, "{:?}", sys.umount("/old", false).await);
            sys.umount("/old", true).await.unwrap();
            sys.exec("/bin/inner", vec!["inner".into()], Vec::new()).await.unwrap();
        }),
        program!("inner", |sys, _a| {
            let names: Vec<String> = sys.read_dir("/").await.unwrap().into_iter().map(|e| e.name).collect();
            say!(sys, "{}", names.join(" "));
            let procs =
                sys.read_dir("/proc").await.unwrap().into_iter().filter(|e| e.name.parse::<u32>().is_ok()).count();
            say!(sys, "{} {procs}", sys.pid());
            let mounts = text!(sys, "/proc/self/mounts").unwrap();
            say!(sys, "{}", mounts.lines().map(|l| l.split(' ').nth(1).unwrap()).collect::<Vec<_>>().join(" "));
        }),
    ]);
    assert_eq!(out, "Ok(())\nErr(EBUSY)\nbin old proc tmp\n1 1\n/ /tmp /proc\nfalse\n");
}

#[test]
fn an_overlay_shows_its_layers_and_changes_go_up() {
    let out = linux(&[program!("init", |sys, _a| {
        for d in ["/l1", "/l2", "/up", "/work", "/m", "/l1/d"] {
            sys.mkdir(d, 0o755).await.unwrap();
        }
        for (f, t) in [("/l1/a", "one"), ("/l1/b", "one"), ("/l1/d/x", "one"), ("/l2/b", "two")] {
            sys.write_file(f, t, 0o644).await.unwrap();
        }
        let options = "lowerdir=/l2:/l1,upperdir=/up,workdir=/work";
        sys.mount("overlay", "/m", "overlay", MountFlags::default(), options).await.unwrap();
        say!(sys, "{:?} {:?} {:?}", text!(sys, "/m/a"), text!(sys, "/m/b"), text!(sys, "/m/d/x"));
        sys.write_file("/m/a", "changed", 0o644).await.unwrap();
        sys.write_file("/m/d/new", "new", 0o644).await.unwrap();
        sys.unlink("/m/b").await.unwrap();
        say!(sys, "{:?} {:?} {:?}", text!(sys, "/up/a"), text!(sys, "/up/d/new"), text!(sys, "/l1/a"));
        let gone = sys.lstat("/up/b").await.unwrap();
        say!(sys, "{:?} {:?} {:?}", gone.file_type, gone.rdev, sys.stat("/m/b").await.map(drop));
        // Mounted anew, it is as it was.
        sys.umount("/m", false).await.unwrap();
        say!(sys, "{:?}", sys.read_dir("/m").await.unwrap().len());
        sys.mount("overlay", "/m", "overlay", MountFlags::default(), options).await.unwrap();
        say!(sys, "{:?} {:?} {:?}", text!(sys, "/m/a"), text!(sys, "/m/b"), text!(sys, "/m/d/new"));
    })]);
    assert_eq!(
        out,
        "Ok(\"one\") Ok(\"two\") Ok(\"one\")\nOk(\"changed\") Ok(\"new\") Ok(\"one\")\nChar (0, 0) Err(ENOENT)\n0\nOk(\"changed\") Err(ENOENT) Ok(\"new\")\n"
    );
}

#[test]
fn binds_can_be_read_only_and_tmpfs_has_a_size() {
    let out = linux(&[program!("init", |sys, _a| {
        sys.mkdir("/mnt", 0o755).await.unwrap();
        sys.mount("/etc", "/mnt", "", MountFlags { bind: true, ..MountFlags::default() }, "").await.unwrap();
        let ro = MountFlags { remount: true, bind: true, read_only: true, ..MountFlags::default() };
        sys.mount("", "/mnt", "", ro, "").await.unwrap();
        say!(sys, "{:?}", sys.write_file("/mnt/f", "x", 0o644).await);
        say!(sys, "{:?}", sys.write_file("/etc/f", "x", 0o644).await);
        say!(sys, "{:?}", text!(sys, "/mnt/f"));
        sys.umount("/mnt", false).await.unwrap();
        sys.mount("tmpfs", "/mnt", "tmpfs", MountFlags::default(), "size=64k,mode=755").await.unwrap();
        say!(sys, "{:?}", sys.write_file("/mnt/big", vec![0; 100_000], 0o644).await);
        say!(sys, "{:?}", sys.mount("x", "/mnt", "nosuchfs", MountFlags::default(), "").await);
        let fd = sys.open("/mnt/open", OpenFlags::CREATE, 0o644).await.unwrap();
        say!(sys, "{:?}", sys.umount("/mnt", false).await);
        sys.close(fd).await.unwrap();
        say!(sys, "{:?}", sys.umount("/mnt", false).await);
        say!(sys, "{:?}", sys.umount("/mnt", false).await);
    })]);
    assert_eq!(out, "Err(EROFS)\nOk(())\nOk(\"x\")\nErr(ENOSPC)\nErr(ENODEV)\nErr(EBUSY)\nOk(())\nErr(EINVAL)\n");
}

#[test]
fn a_user_namespace_makes_a_student_root_of_it() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.chmod("/tmp", 0o1777).await.unwrap();
            let p = sys.spawn(SpawnSpec { uid: 1000, gid: 1000, ..spec(&["student"]) }).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
        }),
        program!("student", |sys, _a| {
            say!(sys, "{:?}", sys.unshare(Unshare { mount: true, ..Unshare::default() }).await);
            sys.unshare(Unshare { user: true, mount: true, uts: true, ..Unshare::default() }).await.unwrap();
            say!(sys, "{:?}", sys.ids());
            sys.write_file("/proc/self/uid_map", "0 1000 1", 0).await.unwrap();
            sys.write_file("/proc/self/gid_map", "0 1000 1", 0).await.unwrap();
            say!(sys, "{:?}", sys.stat("/tmp/out").await.map(|s| (s.uid, s.gid)));
            sys.sleep(SimTime(1)).await.unwrap();
            say!(sys, "{:?}", sys.ids());
            say!(sys, "{:?}", sys.call(layerlab_kernel::Syscall::SetHostname { name: "mine".into() }).await.map(drop));
            // What is the host's stays the host's.
            say!(sys, "{:?} {:?}", sys.stat("/etc").await.map(|s| s.uid), sys.write_file("/etc/x", "x", 0o644).await);
            sys.mount("tmpfs", "/etc", "tmpfs", MountFlags::default(), "").await.unwrap();
            say!(sys, "{:?}", sys.write_file("/etc/x", "x", 0o644).await);
        }),
    ]);
    assert_eq!(
        out.lines().filter(|l| !l.contains("65534, 65534")).collect::<Vec<_>>().join("\n"),
        "Err(EPERM)\nOk((0, 0))\n(0, 0)\nOk(())\nOk(65534) Err(EACCES)\nOk(())"
    );
}

#[test]
fn a_network_by_hand() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let (r, w) = sys.pipe().await.unwrap();
            let p = sys.spawn(SpawnSpec { fds: vec![(1, w)], ..spec(&["inside"]) }).await.unwrap();
            sys.close(w).await.unwrap();
            sys.read(r, 1).await.unwrap();
            let veth = |name: &str, peer: &str| NetOp::LinkAdd {
                name: name.into(),
                kind: LinkKind::Veth,
                peer: Some(peer.into()),
            };
            sys.net(veth("v0", "v1")).await.unwrap();
            say!(sys, "{:?}", sys.net(veth("v0", "v2")).await);
            let set = |name: &str, up, netns: Option<u32>, master: Option<&str>| NetOp::LinkSet {
                name: name.into(),
                up,
                netns: netns.map(NsRef::Of),
                master: master.map(str::to_owned),
                rename: None,
                mac: None,
            };
            sys.net(NetOp::LinkAdd { name: "br0".into(), kind: LinkKind::Bridge, peer: None }).await.unwrap();
            sys.net(NetOp::AddrAdd { dev: "br0".into(), addr: [10, 9, 0, 1].into(), prefix: 24 }).await.unwrap();
            sys.net(set("br0", Some(true), None, None)).await.unwrap();
            sys.net(set("v0", Some(true), None, Some("br0"))).await.unwrap();
            sys.net(set("v1", None, Some(p.0), None)).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            // With the namespace its end of the pair is gone, and so is ours.
            say!(
                sys,
                "{}",
                sys.interfaces().await.unwrap().iter().map(|i| i.name.as_str()).collect::<Vec<_>>().join(" ")
            );
        }),
        program!("inside", |sys, _a| {
            sys.unshare(Unshare { net: true, ..Unshare::default() }).await.unwrap();
            say!(
                sys,
                "{:?}",
                sys.interfaces().await.unwrap().iter().map(|i| (i.name.clone(), i.up)).collect::<Vec<_>>()
            );
            sys.write_all(1, "x").await.unwrap();
            sys.sleep(SimTime::millis(100)).await.unwrap();
            let up = |name: &str| NetOp::LinkSet {
                name: name.into(),
                up: Some(true),
                netns: None,
                master: None,
                rename: None,
                mac: None,
            };
            sys.net(up("lo")).await.unwrap();
            sys.net(NetOp::AddrAdd { dev: "v1".into(), addr: [10, 9, 0, 2].into(), prefix: 24 }).await.unwrap();
            sys.net(up("v1")).await.unwrap();
            let ping = |to: [u8; 4]| {
                let sys = sys.clone();
                async move {
                    let fd = sys.socket(layerlab_kernel::SockKind::Icmp).await.unwrap();
                    let data = layerlab_kernel::Bytes::new(vec![0; 56]);
                    let to = std::net::SocketAddrV4::new(to.into(), 0);
                    sys.send_to(fd, data, Some(to), 64).await?;
                    let got = sys
                        .recv_from(fd, Some(SimTime::secs(5)))
                        .await
                        .map(|d| (d.from.ip().to_string(), d.icmp, d.ttl));
                    sys.close(fd).await.unwrap();
                    got
                }
            };
            say!(sys, "{:?}", ping([10, 9, 0, 1]).await);
            say!(sys, "{:?}", ping([10, 9, 0, 2]).await);
            say!(sys, "{:?}", ping([10, 9, 0, 7]).await);
            say!(sys, "{:?}", ping([8, 8, 8, 8]).await);
            let default = RouteInfo {
                to: ([0, 0, 0, 0].into(), 0),
                via: Some([10, 9, 0, 1].into()),
                dev: String::new(),
                src: None,
            };
            sys.net(NetOp::RouteAdd(default)).await.unwrap();
            say!(sys, "{:?}", sys.routes().await.unwrap().iter().map(|r| (r.to.1, r.dev.clone())).collect::<Vec<_>>());
        }),
    ]);
    assert_eq!(
        out,
        "[(\"lo\", false)]\nErr(EEXIST)\nOk((\"10.9.0.1\", (0, 0), 64))\nOk((\"10.9.0.2\", (0, 0), 64))\nOk((\"10.9.0.2\", (3, 1), 64))\nErr(ENETUNREACH)\n[(0, \"v1\"), (24, \"v1\")]\nlo br0\n"
    );
}

#[test]
fn set_ns_enters_another_processs_namespaces() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let p = sys.spawn(spec(&["other"])).await.unwrap();
            sys.sleep(SimTime::millis(50)).await.unwrap();
            let fd = sys.open(&format!("/proc/{}/ns/uts", p.0), OpenFlags::READ, 0).await.unwrap();
            sys.set_ns(fd).await.unwrap();
            say!(sys, "{}", sys.uname().await.unwrap().nodename);
        }),
        program!("other", |sys, _a| {
            sys.unshare(Unshare { uts: true, ..Unshare::default() }).await.unwrap();
            sys.write_file("/proc/sys/kernel/hostname", "elsewhere", 0).await.unwrap();
            sys.sleep(SimTime::secs(5)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "elsewhere\n");
}

/// What `ip netns add` does: the mount keeps the namespace, though nobody is in it.
#[test]
fn a_mount_keeps_a_network() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.write_file("/run/n1", "", 0o444).await.unwrap();
            let p = sys.spawn(spec(&["maker"])).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            let (name, kind, peer) = ("v0".to_owned(), LinkKind::Veth, Some("v1".to_owned()));
            sys.net(NetOp::LinkAdd { name, kind, peer }).await.unwrap();
            let fd = sys.open("/run/n1", OpenFlags::READ, 0).await.unwrap();
            let set = NetOp::LinkSet {
                name: "v1".into(),
                up: None,
                netns: Some(NsRef::Open(fd)),
                master: None,
                rename: None,
                mac: None,
            };
            sys.net(set).await.unwrap();
            let own = async || {
                let all = sys.interfaces().await.unwrap();
                all.iter().map(|i| i.name.as_str()).collect::<Vec<_>>().join(" ")
            };
            say!(sys, "{}", own().await);
            let p = sys.spawn(spec(&["visitor"])).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
            // With the mount it goes, and its end of the pair.
            sys.close(fd).await.unwrap();
            sys.umount("/run/n1", true).await.unwrap();
            say!(sys, "{}", own().await);
        }),
        program!("maker", |sys, _a| {
            sys.unshare(Unshare { net: true, ..Unshare::default() }).await.unwrap();
            let flags = MountFlags { bind: true, ..MountFlags::default() };
            sys.mount("/proc/self/ns/net", "/run/n1", "", flags, "").await.unwrap();
        }),
        program!("visitor", |sys, _a| {
            let fd = sys.open("/run/n1", OpenFlags::READ, 0).await.unwrap();
            sys.set_ns(fd).await.unwrap();
            let all = sys.interfaces().await.unwrap();
            say!(sys, "{}", all.iter().map(|i| i.name.as_str()).collect::<Vec<_>>().join(" "));
        }),
    ]);
    assert_eq!(out, "lo v0\nlo v1\nlo\n");
}

/// `unshare --user --map-root-user --pid --fork`: who is root there may start programs.
#[test]
fn root_of_a_user_namespace_starts_programs() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.chmod("/tmp", 0o1777).await.unwrap();
            sys.write_file("/tmp/out", "", 0o666).await.unwrap();
            sys.chmod("/tmp/out", 0o666).await.unwrap();
            let p = sys.spawn(SpawnSpec { uid: 1000, gid: 1000, groups: vec![27], ..spec(&["user"]) }).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
        }),
        program!("user", |sys, _a| {
            sys.unshare(Unshare { user: true, pid: true, ..Unshare::default() }).await.unwrap();
            sys.write_file("/proc/self/setgroups", "deny", 0).await.unwrap();
            sys.write_file("/proc/self/uid_map", "0 1000 1\n", 0).await.unwrap();
            sys.write_file("/proc/self/gid_map", "0 1000 1\n", 0).await.unwrap();
            let groups = sys.get_ids().await.unwrap().groups;
            let p = sys.spawn(SpawnSpec { groups, ..spec(&["child"]) }).await.unwrap();
            sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap();
        }),
        program!("child", |sys, _a| {
            let i = sys.get_ids().await.unwrap();
            say!(sys, "{} {:?} {:?} {:?}", sys.pid(), i.real, i.effective, i.groups);
        }),
    ]);
    assert_eq!(out, "1 (0, 0) (0, 0) [65534]\n");
}
