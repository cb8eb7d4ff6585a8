//! Containers that run: texts and exit codes are the real client's.

use crate::machine::{Machine, Terminal};

#[test]
fn run_in_the_foreground_gives_output_and_exit_code() {
    let mut m = Machine::new(&[]);
    m.sh("docker pull -q alpine");
    let ran = m.sh("docker run --name job alpine sh -c 'echo out; echo err >&2; exit 3'");
    assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.code), ("out\n", "err\n", 3));
    let logs = m.sh("docker logs job");
    assert_eq!((logs.out.as_str(), logs.err.as_str()), ("out\n", "err\n"));
    assert_eq!(
        m.sh("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' job; docker wait job").out,
        "exited 3\n3\n"
    );
    assert_eq!(m.sh("docker start -a job").code, 3);
    assert_eq!(m.sh("echo hello | docker run -i --rm alpine cat").out, "hello\n");
    assert_eq!(m.sh("A=5 docker run --rm -e A -e B=6 -w /tmp alpine sh -c 'echo $A$B; pwd'").out, "56\n/tmp\n");
    assert_eq!(m.sh("docker ps -a --format '{{.Names}}'").out, "job\n");
}

#[test]
fn what_cannot_be_started() {
    let mut m = Machine::new(&[]);
    m.sh("docker pull -q alpine");
    let prefix = "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ";
    let help = "\n\nRun 'docker run --help' for more information\n";
    let ran = m.sh("docker run --rm alpine nosuchcmd");
    assert_eq!(
        (ran.code, ran.err),
        (127, format!("{prefix}exec: \"nosuchcmd\": executable file not found in $PATH{help}"))
    );
    let ran = m.sh("docker run --rm alpine /etc/passwd");
    assert_eq!((ran.code, ran.err), (126, format!("{prefix}exec: \"/etc/passwd\": permission denied{help}")));
    let ran = m.sh("docker run -di --name web alpine cat > /dev/null; docker run --name web alpine true");
    assert_eq!(ran.code, 125);
    assert!(ran.err.starts_with("docker: Error response from daemon: Conflict. The container name \"/web\" is already in use by container \""), "{ran:#?}");
}

#[test]
fn the_life_of_a_background_container() {
    let mut m = Machine::new(&[]);
    m.sh("docker pull -q alpine");
    let id = m.sh("docker run -di -p 8080:80 --name web alpine cat").out;
    assert_eq!(id.trim().len(), 64);
    let ps = m.sh("docker ps").out;
    let lines: Vec<&str> = ps.lines().collect();
    // How wide the times are depends on how old it is.
    let columns: Vec<&str> = lines[0].split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
    assert_eq!(columns, ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]);
    assert!(
        lines[1].starts_with(&format!("{}   alpine    \"cat\"     ", &id[..12]))
            && lines[1].ends_with("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp   web"),
        "{ps}"
    );
    assert_eq!(
        m.sh("docker port web; docker port web 80").out,
        "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n0.0.0.0:8080\n[::]:8080\n"
    );
    assert_eq!(m.sh("docker port web 81").err, "no public port '81' published for web\n");
    let exec = m.sh("docker exec -e X=1 web sh -c 'echo $X; exit 4'");
    assert_eq!((exec.out.as_str(), exec.code), ("1\n", 4));
    assert_eq!(m.sh("docker exec web nosuch").code, 127);
    assert_eq!(
        m.sh("docker top web").out.lines().next(),
        Some(
            "UID                 PID                 PPID                C                   STIME               TTY                 TIME                CMD"
        )
    );
    let rm = m.sh("docker rm web");
    assert_eq!(
        (rm.code, rm.err.as_str()),
        (
            1,
            "Error response from daemon: cannot remove container \"web\": container is running: stop the container before removing or force remove\n"
        )
    );
    assert_eq!(
        m.sh("docker stop -t 1 web; docker restart web; docker kill web; docker start web; docker rm -f web").out,
        "web\n".repeat(5)
    );
    assert_eq!(m.sh("docker attach web").err, "Error response from daemon: No such container: web\n");
}

#[test]
fn copying_out_of_a_container() {
    let mut m = Machine::new(&[]);
    m.sh("docker run --name c alpine sh -c 'mkdir /d && echo 1 > /d/a && echo 2 > /d/b' ; docker run --name cc alpine sh -c 'mkdir /d && echo 1 > /d/a && echo 2 > /d/b'");
    assert_eq!(
        m.sh("docker cp cc:/d/a x; cat x; docker cp cc:/d .; ls d; mkdir e; docker cp cc:/d/. e; ls e").out,
        "1\na\nb\na\nb\n"
    );
    assert_eq!(
        m.sh("docker cp cc:/nope .").err,
        "Error response from daemon: Could not find the file /nope in container cc\n"
    );
    assert_eq!(m.sh("docker cp a b").err, "must specify at least one container source\n");
    assert_eq!(m.sh("docker diff cc").out, "A /d\nA /d/a\nA /d/b\n");
}

#[test]
fn a_terminal_inside_and_the_keys_that_leave_it() {
    let mut t = Terminal::new(&[]);
    t.start("docker pull -q alpine");
    assert_eq!(t.start("docker run -it --name tt alpine cat"), "");
    assert_eq!(t.keys("hello\r"), "hello\r\nhello\r\n");
    t.keys("\x10\x11");
    let ps = t.start("docker ps --format '{{.Names}} {{.Status}}'");
    assert!(ps.starts_with("tt Up "), "{ps:?}");
    t.start("docker attach tt");
    assert_eq!(t.keys("again\r"), "again\r\nagain\r\n");
    t.keys("\x04");
    assert!(t.start("docker ps -a --format '{{.Status}}'").starts_with("Exited (0) "));
}

#[test]
fn keys_of_ones_own_detach() {
    let mut t = Terminal::new(&[(".docker/config.json", r#"{"detachKeys": "ctrl-e,e"}"#)]);
    t.start("docker pull -q alpine");
    t.start("docker run -dit --name tt alpine cat");
    t.start("{ docker attach tt; echo code $?; }");
    assert_eq!(t.keys("\x10ho\r"), "^Pho\r\n\x10ho\r\n");
    assert_eq!(t.keys("\x05e"), "read escape sequence\r\ncode 1\r\n");
    t.start("{ docker exec -it --detach-keys x,DEL tt cat; echo code $?; }");
    assert_eq!(t.keys("xy\r"), "xy\r\nxy\r\n");
    assert_eq!(t.keys("x\x7f"), "read escape sequence\r\ncode 1\r\n");
    t.start("{ docker run -it --detach-keys ctrl-x alpine cat; echo code $?; }");
    assert_eq!(t.keys("\x18"), "code 0\r\n");
    for (line, said) in [
        ("docker attach --detach-keys nope tt", "unable to upgrade to tcp, received 400\r\n"),
        (
            "docker exec --detach-keys ctrl-P tt ls",
            "Error response from daemon: Invalid escape keys (ctrl-P) provided\r\n",
        ),
    ] {
        assert_eq!(t.start(line), said, "{line}");
    }
}

#[test]
fn who_waits_no_longer_is_forgotten() {
    let mut m = Machine::new(&[]);
    m.sh("docker pull -q alpine");
    let threads = "grep -h Threads $(grep -l '^Name:.dockerd' /proc/[0-9]*/status)";
    m.sh("docker run -d --name cc alpine sleep 1000; docker kill cc; docker wait cc");
    let before = m.sh(threads).out;
    assert!(before.starts_with("Threads:"), "{before} {:?}", m.sh("ps -ef; cat /proc/[0-9]*/comm"));
    m.sh("docker start cc");
    m.sh("for c in 'wait cc' 'logs -f cc' 'stats cc' events; do timeout 3 docker $c; done");
    m.sh("docker kill cc; docker wait cc");
    assert_eq!(m.sh(threads).out, before);
    m.sh("docker start cc");
    let running = m.sh(threads).out;
    m.sh("for c in 'wait cc' 'logs -f cc' 'stats cc' events; do timeout 3 docker $c; done; sleep 1");
    assert_eq!(m.sh(threads).out, running);
    m.sh("docker rm -f cc; docker run -d --name dd alpine sleep 1000; sleep 1");
    assert_eq!(m.sh(threads).out, running);
    let gone = m.sh("docker run --rm --name once alpine nosuch; docker ps -aq --filter name=once");
    assert_eq!((gone.out.as_str(), gone.code), ("", 0));
}

#[test]
fn a_pull_on_the_terminal_rewrites_its_lines() {
    let mut t = Terminal::new(&[]);
    let mut shown = t.start("docker pull alpine");
    shown.push_str(&t.start("true"));
    assert!(shown.contains("\x1b[1A\x1b[2K") && shown.contains(": Pull complete "), "{shown}");
    assert!(shown.ends_with("docker.io/library/alpine:latest\r\n"), "{shown}");
}

#[test]
fn an_address_tells_its_name() {
    let mut m = Machine::new(&[]);
    m.sh("docker network create --subnet 172.30.0.0/16 lab; docker run -d --name web --net lab alpine sleep 1000");
    let inside = |m: &mut Machine, line: &str| m.sh(&format!("docker run --rm --net lab alpine {line}"));
    assert_eq!(
        inside(&mut m, "nslookup 172.30.0.2").out,
        "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\nNon-authoritative answer:\n2.0.30.172.in-addr.arpa\tname = web.lab\n\n"
    );
    assert!(inside(&mut m, "ping -c 1 web.lab").out.starts_with("PING web.lab (172.30.0.2): 56 data bytes\n"));
    let none = inside(&mut m, "nslookup 172.30.0.99");
    assert!(none.code == 1 && none.out.ends_with("** server can't find 99.0.30.172.in-addr.arpa: NXDOMAIN\n\n"));
    let site = m.sh("dig +short quay.io").out;
    let back = m.sh(&format!("host {}; dig +short -x {}; nslookup {}", site.trim(), site.trim(), site.trim())).out;
    let (last, name) = (site.trim().rsplit('.').next().unwrap_or_default(), "100.51.198.in-addr.arpa");
    assert_eq!(
        back,
        format!("{last}.{name} domain name pointer quay.io.\nquay.io.\n{last}.{name}\tname = quay.io.\n\n")
    );
    assert!(m.sh("dig quay.io AAAA").out.contains("status: NOERROR"));
    m.sh("docker rm -f web");
    assert_eq!(inside(&mut m, "nslookup web.lab").code, 1);
}
