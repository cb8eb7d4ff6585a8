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
