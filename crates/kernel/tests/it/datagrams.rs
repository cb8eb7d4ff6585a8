use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::net::NetOp;
use layerlab_kernel::{Bytes, NetNsId, SimTime, SockAddr, SockKind, SpawnSpec};

use crate::{linux, program, say, spec};

fn at(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new([127, 0, 0, 1].into(), port)
}

#[test]
fn udp_arrives_with_its_sender_and_a_closed_port_refuses() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.spawn(spec(&["server"])).await.unwrap();
            sys.sleep(SimTime::millis(10)).await.unwrap();
            let fd = sys.socket(SockKind::Udp).await.unwrap();
            sys.connect(fd, SockAddr::Inet(at(5353))).await.unwrap();
            sys.write_all(fd, "ping").await.unwrap();
            say!(sys, "{}", String::from_utf8_lossy(&sys.read(fd, 100).await.unwrap()));
            sys.send_to(fd, Bytes::new(b"x".to_vec()), Some(at(9)), 64).await.unwrap();
            say!(sys, "{:?}", sys.recv_from(fd, Some(SimTime::secs(1))).await);
            say!(sys, "{:?}", sys.recv_from(fd, Some(SimTime::secs(1))).await);
            let udp = sys.read_file("/proc/net/udp").await.unwrap();
            say!(sys, "{}", String::from_utf8_lossy(&udp).contains("0100007F:14E9"));
        }),
        program!("server", |sys, _a| {
            let fd = sys.socket(SockKind::Udp).await.unwrap();
            sys.bind(fd, SockAddr::Inet(at(5353))).await.unwrap();
            let d = sys.recv_from(fd, None).await.unwrap();
            let answer = [&d.data[..], b"-pong"].concat();
            sys.send_to(fd, Bytes::new(answer), Some(d.from), 64).await.unwrap();
            sys.sleep(SimTime::secs(9)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "ping-pong\nErr(ECONNREFUSED)\nErr(EAGAIN)\ntrue\n");
}

/// A published port of UDP: what is inside sees the bridge, and its answer comes from where the question went.
#[test]
fn a_published_port_of_udp_leads_inside_and_back() {
    let out = linux(&[
        program!("init", |sys, _a| {
            let ns = NetNsId(sys.net(NetOp::NsNew).await.unwrap() as u32);
            let (bridge, inside) = ("br0".to_owned(), Ipv4Addr::new(172, 17, 0, 2));
            let (name, addr) = (bridge.clone(), Ipv4Addr::new(172, 17, 0, 1));
            sys.net(NetOp::BridgeNew { name, addr, prefix: 16, internal: false }).await.unwrap();
            let (ifname, mac) = ("eth0".to_owned(), "02:42:ac:11:00:02".to_owned());
            sys.net(NetOp::Attach { ns, bridge, ifname, addr: inside, addr6: None, mac }).await.unwrap();
            let (host_ip, to) = (Ipv4Addr::UNSPECIFIED, SocketAddrV4::new(inside, 53));
            sys.net(NetOp::Publish { host_ip, host_port: 5353, to, udp: true }).await.unwrap();
            sys.spawn(SpawnSpec { net: Some(ns), ..spec(&["server"]) }).await.unwrap();
            sys.sleep(SimTime::millis(10)).await.unwrap();
            let fd = sys.socket(SockKind::Udp).await.unwrap();
            sys.connect(fd, SockAddr::Inet(at(5353))).await.unwrap();
            for word in ["one", "two"] {
                sys.write_all(fd, word).await.unwrap();
                let d = sys.recv_from(fd, Some(SimTime::secs(1))).await.unwrap();
                say!(sys, "{} {}", d.from, String::from_utf8_lossy(&d.data));
            }
            let other = sys.socket(SockKind::Udp).await.unwrap();
            say!(sys, "{:?}", sys.bind(other, SockAddr::Inet(at(5353))).await);
            sys.net(NetOp::Unpublish { host_ip, host_port: 5353, udp: true }).await.unwrap();
            sys.write_all(fd, "three").await.unwrap();
            say!(sys, "{:?}", sys.recv_from(fd, Some(SimTime::secs(1))).await);
        }),
        program!("server", |sys, _a| {
            let fd = sys.socket(SockKind::Udp).await.unwrap();
            sys.bind(fd, SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 53))).await.unwrap();
            while let Ok(d) = sys.recv_from(fd, None).await {
                let answer = format!("{} from {}", String::from_utf8_lossy(&d.data), d.from.ip());
                sys.send_to(fd, Bytes::new(answer.into_bytes()), Some(d.from), 64).await.unwrap();
            }
        }),
    ]);
    assert_eq!(
        out,
        "127.0.0.1:5353 one from 172.17.0.1\n127.0.0.1:5353 two from 172.17.0.1\nErr(EADDRINUSE)\nErr(ECONNREFUSED)\n"
    );
}
