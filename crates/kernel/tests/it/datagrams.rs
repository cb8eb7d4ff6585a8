use std::net::SocketAddrV4;

use layerlab_kernel::{Bytes, SimTime, SockAddr, SockKind};

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
