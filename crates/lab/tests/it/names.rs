//! Names: who is asked, and what it knows.

use crate::{said as enter, session};

#[test]
fn the_name_server_of_the_machine_answers() {
    let mut s = session();
    assert!(enter(&mut s, "cat /etc/resolv.conf").contains("nameserver 10.0.0.53"));
    assert!(enter(&mut s, "dig +short registry-1.docker.io").contains("198.51.100.20\r\n"));
    assert!(enter(&mut s, "host quay.io").contains("quay.io has address 198.51.100."));
    let shown = enter(&mut s, "nslookup nosuch.example; echo $?");
    assert!(shown.contains("** server can't find nosuch.example: NXDOMAIN") && shown.contains("\r\n1\r\n"), "{shown}");
    assert!(enter(&mut s, "getent hosts deb.debian.example").contains("198.51.100.11   deb.debian.example"));
    assert!(enter(&mut s, "dig nosuch.test").contains("status: NXDOMAIN"));
    assert!(enter(&mut s, "dig quay.io MX").contains("status: NOERROR"));
    // The library and the tools ask whom the file names.
    enter(&mut s, "echo nameserver 127.0.0.1 | sudo tee /etc/resolv.conf");
    assert!(enter(&mut s, "dig +short quay.io; echo $?").contains("127.0.0.1#53: connection refused"));
    assert!(enter(&mut s, "getent hosts quay.io; echo $?").contains("2\r\n"));
    assert!(enter(&mut s, "curl http://quay.io/").contains("Could not resolve host: quay.io"));
    assert!(enter(&mut s, "dig +short @10.0.0.53 quay.io").contains("198.51.100.22\r\n"));
}

#[test]
fn containers_ask_dockers_server_which_asks_on() {
    let mut s = session();
    enter(&mut s, "docker network create n; docker network create --internal dark");
    enter(&mut s, "docker run -d --name web --network n alpine sleep 1000");
    let shown = enter(&mut s, "docker run --rm --network n alpine nslookup web");
    assert!(shown.contains("127.0.0.11:53") && shown.contains("Address: 172.18.0.2"), "{shown}");
    assert!(enter(&mut s, "docker run --rm --network n alpine nslookup quay.io").contains("198.51.100.22"));
    let shown = enter(&mut s, "docker run --rm --network dark alpine nslookup quay.io");
    assert!(shown.contains("NXDOMAIN"), "{shown}");
    let shown = enter(&mut s, "docker run --rm alpine sh -c 'cat /etc/resolv.conf; nslookup quay.io; nslookup web'");
    assert!(shown.contains("nameserver 10.0.0.53") && shown.contains("198.51.100.22"), "{shown}");
    assert!(shown.contains("can't find web"), "{shown}");
}
