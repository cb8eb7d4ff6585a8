use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::net::{NetOp, TraceEnd};
use layerlab_kernel::{NetNsId, SimTime, SockAddr, SockKind, SpawnSpec};

use crate::{machine, outcome, program, say};

fn addr(ip: [u8; 4], port: u16) -> SockAddr {
    SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::from(ip), port))
}

async fn fetch(sys: &layerlab_kernel::Sys, to: SockAddr) -> String {
    let fd = sys.socket(SockKind::Tcp).await.unwrap();
    if let Err(e) = sys.connect(fd, to).await {
        return format!("{e:?}");
    }
    let r = sys.read_all(fd).await;
    sys.close(fd).await.unwrap();
    r.map_or_else(|e| format!("{e:?}"), |b| String::from_utf8(b).unwrap())
}

/// A server on port 80 that says who came; binds to its first argument.
macro_rules! server {
    () => {
        program!("server", |sys, a| {
            let ip: Ipv4Addr = a.argv[1].parse().unwrap();
            let fd = sys.socket(SockKind::Tcp).await.unwrap();
            sys.bind(fd, SockAddr::Inet(SocketAddrV4::new(ip, 80))).await.unwrap();
            sys.listen(fd, 10).await.unwrap();
            loop {
                let (c, peer) = sys.accept(fd).await.unwrap();
                let SockAddr::Inet(p) = peer else { return 1 };
                sys.write_all(c, format!("hello {}", p.ip())).await.unwrap();
                sys.close(c).await.unwrap();
            }
        })
    };
}

#[test]
fn containers_meet_on_a_bridge_and_through_published_ports() {
    let programs = [
        program!("init", |sys, _a| {
            sys.net(NetOp::BridgeNew {
                name: "docker0".into(),
                addr: Ipv4Addr::new(172, 17, 0, 1),
                prefix: 16,
                internal: false,
            })
            .await
            .unwrap();
            for (n, bind) in [(2u8, "0.0.0.0"), (3, "127.0.0.1")] {
                let ns = NetNsId(sys.net(NetOp::NsNew).await.unwrap() as u32);
                let ip = Ipv4Addr::new(172, 17, 0, n);
                sys.net(NetOp::Attach {
                    ns,
                    bridge: "docker0".into(),
                    ifname: "eth0".into(),
                    addr: ip,
                    addr6: None,
                    mac: format!("02:42:ac:11:00:0{n}"),
                })
                .await
                .unwrap();
                sys.net(NetOp::Publish {
                    host_ip: Ipv4Addr::UNSPECIFIED,
                    host_port: 8080 + u16::from(n),
                    to: SocketAddrV4::new(ip, 80),
                    udp: false,
                })
                .await
                .unwrap();
                sys.spawn(SpawnSpec {
                    argv: vec!["/bin/server".into(), bind.into()],
                    net: Some(ns),
                    ..SpawnSpec::default()
                })
                .await
                .unwrap();
            }
            sys.sleep(SimTime::millis(10)).await.unwrap();
            say!(sys, "direct: {}", fetch(&sys, addr([172, 17, 0, 2], 80)).await);
            say!(sys, "published: {}", fetch(&sys, addr([127, 0, 0, 1], 8082)).await);
            say!(sys, "only loopback inside: {}", fetch(&sys, addr([127, 0, 0, 1], 8083)).await);
            say!(sys, "same, direct: {}", fetch(&sys, addr([172, 17, 0, 3], 80)).await);
            say!(sys, "not published: {}", fetch(&sys, addr([127, 0, 0, 1], 80)).await);
            say!(sys, "nobody there: {}", fetch(&sys, addr([172, 17, 0, 9], 80)).await);
            let again = sys
                .net(NetOp::Publish {
                    host_ip: Ipv4Addr::UNSPECIFIED,
                    host_port: 8082,
                    to: SocketAddrV4::new(Ipv4Addr::LOCALHOST, 1),
                    udp: false,
                })
                .await;
            say!(sys, "taken: {again:?}");
            let ns = NetNsId(sys.net(NetOp::NsNew).await.unwrap() as u32);
            sys.net(NetOp::Attach {
                ns,
                bridge: "docker0".into(),
                ifname: "eth0".into(),
                addr: Ipv4Addr::new(172, 17, 0, 4),
                addr6: None,
                mac: "02:42:ac:11:00:04".into(),
            })
            .await
            .unwrap();
            sys.spawn(SpawnSpec { argv: vec!["/bin/client".into()], net: Some(ns), ..SpawnSpec::default() })
                .await
                .unwrap();
            sys.sleep(SimTime::millis(10)).await.unwrap();
        }),
        server!(),
        program!("client", |sys, _a| {
            say!(sys, "neighbour: {}", fetch(&sys, addr([172, 17, 0, 2], 80)).await);
            say!(sys, "own loopback: {}", fetch(&sys, addr([127, 0, 0, 1], 80)).await);
        }),
    ];
    let mut k = machine(&programs);
    k.run_until(SimTime::secs(1));
    let out = String::from_utf8(k.read_file("/tmp/out").unwrap().to_vec()).unwrap();
    assert_eq!(
        out,
        "direct: hello 172.17.0.1\npublished: hello 172.17.0.1\nonly loopback inside: ECONNRESET\nsame, direct: ECONNREFUSED\n\
         not published: ECONNREFUSED\nnobody there: EHOSTUNREACH\ntaken: Err(EADDRINUSE)\nneighbour: hello 172.17.0.4\nown loopback: ECONNREFUSED\n"
    );
    let trace = &k.sys.net.traces[1];
    assert_eq!(trace.end, TraceEnd::Connected);
    let places: Vec<&str> = trace.hops.iter().map(|h| h.place.as_str()).collect();
    assert_eq!(places, ["init", "lo", "8082", "docker0", "172.17.0.2", "172.17.0.2:80"]);
    assert_eq!(k.sys.net.traces[2].end, TraceEnd::OtherAddress);
}

#[test]
fn a_port_has_one_listener_and_unix_sockets_have_modes() {
    let out = outcome(&[
        program!("init", |sys, _a| {
            let a = sys.socket(SockKind::Tcp).await.unwrap();
            sys.bind(a, addr([0, 0, 0, 0], 5000)).await.unwrap();
            let b = sys.socket(SockKind::Tcp).await.unwrap();
            say!(sys, "{:?}", sys.bind(b, addr([127, 0, 0, 1], 5000)).await);
            sys.close(a).await.unwrap();
            say!(sys, "{:?}", sys.bind(b, addr([127, 0, 0, 1], 5000)).await);
            let u = sys.socket(SockKind::UnixStream).await.unwrap();
            sys.bind(u, SockAddr::Unix("/run/d.sock".into())).await.unwrap();
            sys.listen(u, 5).await.unwrap();
            sys.chmod("/run/d.sock", 0o660).await.unwrap();
            sys.write_file("/tmp/out2", "", 0o666).await.unwrap();
            sys.chmod("/tmp/out", 0o666).await.unwrap();
            sys.spawn(SpawnSpec { argv: vec!["/bin/client".into()], uid: 1000, gid: 1000, ..SpawnSpec::default() })
                .await
                .unwrap();
            sys.spawn(SpawnSpec {
                argv: vec!["/bin/client".into()],
                uid: 1000,
                gid: 1000,
                groups: vec![0],
                ..SpawnSpec::default()
            })
            .await
            .unwrap();
            sys.sleep(SimTime::secs(1)).await.unwrap();
        }),
        program!("client", |sys, _a| {
            let u = sys.socket(SockKind::UnixStream).await.unwrap();
            say!(sys, "{:?}", sys.connect(u, SockAddr::Unix("/run/d.sock".into())).await);
        }),
    ]);
    assert_eq!(out, "Err(EADDRINUSE)\nOk(())\nErr(EACCES)\nOk(())\n");
}

#[test]
fn names_come_from_etc_hosts() {
    let out = outcome(&[program!("init", |sys, _a| {
        sys.write_file("/etc/hosts", "127.0.0.1 localhost\n10.1.2.3\tdb db.example # comment\n", 0o644).await.unwrap();
        say!(
            sys,
            "{:?} {:?} {:?}",
            sys.resolve("db.example").await,
            sys.resolve("1.2.3.4").await,
            sys.resolve("nope").await
        );
    })]);
    assert_eq!(out, "Ok([10.1.2.3]) Ok([1.2.3.4]) Err(ENONAME)\n");
}
