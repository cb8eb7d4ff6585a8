//! Commands of the network: what iputils, iproute2 and traceroute print.

use layerlab_kernel::vfs::{FsKind, Tree};
use layerlab_kernel::{Kernel, SimTime};

use crate::machine::{Done, boot_with, run};

fn machine() -> Kernel {
    let mut k = boot_with(&[]);
    let proc = k.sys.add_fs(FsKind::Proc, Tree::new());
    run(&mut k, &["mkdir", "-p", "/proc"], b"");
    k.sys.mount_host(proc, "/proc").unwrap();
    k.write_file("/etc/hosts", b"127.0.0.1 localhost\n".to_vec()).unwrap();
    k
}

fn line(k: &mut Kernel, line: &str) -> Done {
    run(k, &line.split(' ').collect::<Vec<_>>(), b"")
}

/// Times are not what is compared.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for l in text.lines() {
        let cut = ["time", "rtt min"].iter().filter_map(|w| l.find(w)).min().unwrap_or(l.len());
        out.push_str(l[..cut].trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn ping_counts_answers() {
    let mut k = machine();
    let d = line(&mut k, "ping -c 2 localhost");
    assert_eq!((d.code, d.stderr.as_str()), (0, ""));
    assert_eq!(
        without_times(&d.stdout),
        "PING localhost (127.0.0.1) 56(84) bytes of data.\n64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64\n\
         64 bytes from localhost (127.0.0.1): icmp_seq=2 ttl=64\n\n--- localhost ping statistics ---\n\
         2 packets transmitted, 2 received, 0% packet loss,\n\n"
    );
    let d = line(&mut k, "ping -q -c 1 -s 8 127.0.0.1");
    assert_eq!(
        d.stdout,
        "PING 127.0.0.1 (127.0.0.1) 8(36) bytes of data.\n\n--- 127.0.0.1 ping statistics ---\n\
         1 packets transmitted, 1 received, 0% packet loss, time 0ms\n\n"
    );
}

#[test]
fn ping_says_what_is_wrong() {
    let mut k = machine();
    let d = line(&mut k, "ping nohost.invalid");
    assert_eq!((d.stderr.as_str(), d.code), ("ping: nohost.invalid: Name or service not known\n", 2));
    let d = line(&mut k, "ping -c 0 127.0.0.1");
    let range = "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n";
    assert_eq!((d.stderr.as_str(), d.code), (range, 1));
    let d = line(&mut k, "ping");
    assert_eq!((d.stderr.as_str(), d.code), ("ping: usage error: Destination address required\n", 1));
    let d = line(&mut k, "unshare -n ping -c 1 192.0.2.1");
    assert_eq!((d.stderr.as_str(), d.code), ("ping: connect: Network is unreachable\n", 2));
}

#[test]
fn interrupted_ping_gives_its_summary() {
    let mut k = machine();
    let spec = layerlab_kernel::SpawnSpec {
        argv: vec!["ping".into(), "127.0.0.1".into()],
        env: vec![("PATH".into(), "/usr/bin".into())],
        ..Default::default()
    };
    let o = k.spawn_outside(&spec).unwrap();
    k.run_until(k.sys.now + SimTime::millis(2500));
    assert_eq!(line(&mut k, "pkill -INT ping").code, 0);
    k.run_until(k.sys.now + SimTime::millis(100));
    let text = String::from_utf8(k.take_outside(&o).0).unwrap();
    assert!(
        text.contains("icmp_seq=3") && text.contains("\n3 packets transmitted, 3 received, 0% packet loss"),
        "{text}"
    );
    assert_eq!(k.status_outside(&o).map(layerlab_kernel::ExitStatus::code), Some(0));
}

#[test]
fn traceroute_names_the_hops() {
    let mut k = machine();
    let d = line(&mut k, "traceroute localhost");
    let lines: Vec<&str> = d.stdout.lines().collect();
    assert_eq!(lines[0], "traceroute to localhost (127.0.0.1), 30 hops max, 60 byte packets");
    assert!(lines[1].starts_with(" 1  localhost (127.0.0.1)  0.0") && lines.len() == 2, "{d:?}");
    assert_eq!(lines[1].matches(" ms").count(), 3);
    let d = line(&mut k, "traceroute nohost.invalid");
    assert_eq!(
        (d.stderr.as_str(), d.code),
        (
            "nohost.invalid: Name or service not known\nCannot handle \"host\" cmdline arg `nohost.invalid' on position 1 (argc 1)\n",
            2
        )
    );
}

fn ok(k: &mut Kernel, text: &str) -> String {
    let d = line(k, text);
    assert_eq!((d.code, d.stderr.as_str()), (0, ""), "{text}: {}", d.stdout);
    d.stdout
}

/// A process in a network namespace of its own; its number.
fn elsewhere(k: &mut Kernel) -> String {
    let spec = layerlab_kernel::SpawnSpec {
        argv: ["unshare", "-n", "sleep", "100000"].map(str::to_owned).to_vec(),
        env: vec![("PATH".into(), "/usr/bin".into())],
        ..Default::default()
    };
    k.spawn_outside(&spec).unwrap();
    k.run_until(k.sys.now + SimTime::secs(1));
    ok(k, "pgrep sleep").trim().to_owned()
}

#[test]
fn a_pair_joins_two_namespaces() {
    let mut k = machine();
    let pid = elsewhere(&mut k);
    let there = format!("nsenter -t {pid} -n ");
    ok(&mut k, "ip link add va type veth peer name vb");
    let shown = ok(&mut k, "ip -br link");
    assert!(
        shown.contains("va@vb            DOWN           ") && shown.contains("<BROADCAST,MULTICAST,M-DOWN>"),
        "{shown}"
    );
    ok(&mut k, &format!("ip link set vb netns {pid}"));
    ok(&mut k, "ip addr add 10.9.0.1/24 dev va");
    ok(&mut k, "ip link set va up");
    ok(&mut k, &format!("{there}ip addr add 10.9.0.2/24 dev vb"));
    ok(&mut k, &format!("{there}ip link set dev vb up"));
    let shown = ok(&mut k, "ip addr show va");
    assert!(
        shown.contains(": va@if")
            && shown.contains("<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default "),
        "{shown}"
    );
    assert!(
        shown.contains(
            "\n    inet 10.9.0.1/24 brd 10.9.0.255 scope global va\n       valid_lft forever preferred_lft forever\n"
        ),
        "{shown}"
    );
    assert!(ok(&mut k, "ip route").contains("10.9.0.0/24 dev va proto kernel scope link src 10.9.0.1 \n"));
    let pinged = ok(&mut k, "ping -c 1 10.9.0.2");
    assert!(pinged.contains("64 bytes from 10.9.0.2: icmp_seq=1 ttl=64 time="), "{pinged}");
    assert_eq!(ok(&mut k, "ip route get 10.9.0.2"), "10.9.0.2 dev va src 10.9.0.1 uid 0 \n    cache \n");
    let d = line(&mut k, "ping -c 1 10.9.0.77");
    assert!(d.stdout.contains("From 10.9.0.1 icmp_seq=1 Destination Host Unreachable\n"), "{d:?}");
    assert!(d.stdout.contains("1 packets transmitted, 0 received, +1 errors, 100% packet loss, time "), "{d:?}");
    assert_eq!(d.code, 1);
    ok(&mut k, &format!("{there}ip route add default via 10.9.0.1"));
    assert!(ok(&mut k, &format!("{there}ip route")).starts_with("default via 10.9.0.1 dev vb \n"));
    ok(&mut k, &format!("{there}ip route del default"));
    ok(&mut k, "ip link del va");
    assert!(!ok(&mut k, &format!("{there}ip link")).contains("vb"));
}

#[test]
fn bridges_and_names_of_namespaces() {
    let mut k = machine();
    let pid = elsewhere(&mut k);
    ok(&mut k, "ip link add br7 type bridge");
    ok(&mut k, "ip link set br7 up");
    let shown = ok(&mut k, "ip link show br7");
    assert!(
        shown.contains(": br7: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT group default qlen 1000\n"),
        "{shown}"
    );
    ok(&mut k, "mkdir -p /run/netns");
    ok(&mut k, &format!("ln -s /proc/{pid}/ns/net /run/netns/blue"));
    assert_eq!(ok(&mut k, "ip netns list"), "blue\n");
    assert_eq!(
        ok(&mut k, "ip netns exec blue ip link"),
        "1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
    );
    ok(&mut k, "ip link add v1 type veth peer name v2 netns blue");
    ok(&mut k, "ip link set v1 master br7 up");
    assert!(ok(&mut k, "ip -n blue -br link").contains("v2@if"));
    assert!(ok(&mut k, "ip link show v1").contains(" master br7 state UP "));
}

// Texts and codes of iproute2 6.1.
#[test]
fn ip_says_what_is_wrong() {
    let mut k = machine();
    for (text, message, code) in [
        ("ip link set nope up", "Cannot find device \"nope\"\n", 1),
        ("ip addr add 1.2.3.4/24 dev nope", "Cannot find device \"nope\"\n", 1),
        ("ip addr show dev nope", "Device \"nope\" does not exist.\n", 1),
        ("ip foo", "Object \"foo\" is unknown, try \"ip help\".\n", 1),
        ("ip addr foo", "Command \"foo\" is unknown, try \"ip address help\".\n", 255),
        ("ip route del 1.2.3.0/24", "RTNETLINK answers: No such process\n", 2),
        ("ip link add x type foo", "Error: Unknown device type.\n", 2),
        ("ip link add lo type dummy", "RTNETLINK answers: File exists\n", 2),
        ("ip link del lo", "RTNETLINK answers: Operation not supported\n", 2),
        ("ip addr add 1.2.3.4", "Not enough information: \"dev\" argument is required.\n", 1),
        ("ip addr add 1.2.3/x dev lo", "Error: any valid prefix is expected rather than \"1.2.3/x\".\n", 1),
        ("ip route add 10.0.0.0/8 via 1.2.3.4", "Error: Nexthop has invalid gateway.\n", 2),
        ("ip route get 9.9.9.9", "RTNETLINK answers: Network is unreachable\n", 2),
        ("ip netns exec nope true", "Cannot open network namespace \"nope\": No such file or directory\n", 1),
    ] {
        let d = line(&mut k, text);
        assert_eq!((d.stderr.as_str(), d.code), (message, code), "{text}");
    }
}
