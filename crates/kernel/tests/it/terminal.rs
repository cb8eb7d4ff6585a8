use layerlab_kernel::tty::TtyId;
use layerlab_kernel::{OpenFlags, Signal, SimTime, SpawnSpec, Termios, WaitFlags, WaitFor};

use crate::{machine, program, say};

fn screen(k: &mut layerlab_kernel::Kernel) -> String {
    String::from_utf8(k.take_output(TtyId(0))).unwrap()
}

#[test]
fn lines_are_edited_echoed_and_read_whole() {
    let mut k = machine(&[program!("init", |sys, _a| {
        let fd = sys.open("/dev/console", OpenFlags::READ_WRITE, 0).await.unwrap();
        loop {
            let line = sys.read(fd, 100).await.unwrap();
            if line.is_empty() {
                break;
            }
            sys.write_all(fd, format!("<{}>\n", String::from_utf8_lossy(&line).trim_end())).await.unwrap();
        }
        sys.write_all(fd, "end\n").await.unwrap();
    })]);
    k.run_until(SimTime::millis(10));
    k.type_bytes(TtyId(0), "hellp\u{7f}o ü\u{7f}w\r".as_bytes());
    k.run_until(SimTime::millis(20));
    assert_eq!(screen(&mut k), "hellp\x08 \x08o ü\x08 \x08w\r\n<hello w>\r\n");
    k.type_bytes(TtyId(0), b"a\nb\n\x04");
    k.run_until(SimTime::millis(30));
    assert_eq!(screen(&mut k), "a\r\nb\r\n<a>\r\n<b>\r\nend\r\n");
}

#[test]
fn control_c_reaches_the_foreground_group() {
    let mut k = machine(&[
        program!("init", |sys, _a| {
            let fd = sys.open("/dev/console", OpenFlags::READ_WRITE, 0).await.unwrap();
            let spec = SpawnSpec {
                argv: vec!["/bin/sleeper".into()],
                fds: vec![(0, fd)],
                new_session: true,
                controlling_tty: Some(0),
                ..SpawnSpec::default()
            };
            let p = sys.spawn(spec).await.unwrap();
            say!(sys, "{:?}", sys.wait(WaitFor::Pid(p), WaitFlags::default()).await.unwrap().1);
        }),
        program!("sleeper", |sys, _a| {
            sys.sleep(SimTime::secs(100)).await.unwrap();
        }),
    ]);
    k.run_until(SimTime::millis(100));
    k.type_bytes(TtyId(0), b"\x03");
    k.run_until(SimTime::millis(200));
    assert_eq!(screen(&mut k), "^C");
    assert_eq!(*k.read_file("/tmp/out").unwrap(), format!("Signal({:?})\n", Signal::INT).into_bytes());
}

#[test]
fn raw_mode_gives_every_byte() {
    let mut k = machine(&[program!("init", |sys, _a| {
        let fd = sys.open("/dev/console", OpenFlags::READ_WRITE, 0).await.unwrap();
        sys.tc_set_attr(fd, Termios::RAW).await.unwrap();
        for _ in 0..2 {
            let b = sys.read(fd, 100).await.unwrap();
            say!(sys, "{b:?}");
        }
    })]);
    k.run_until(SimTime::millis(10));
    k.type_bytes(TtyId(0), b"\x03");
    k.run_until(SimTime::millis(20));
    k.type_bytes(TtyId(0), b"\x1b[A");
    k.run_until(SimTime::millis(30));
    assert_eq!(screen(&mut k), "");
    assert_eq!(*k.read_file("/tmp/out").unwrap(), b"[3]\n[27, 91, 65]\n");
}

#[test]
fn a_pseudo_terminal_has_two_ends() {
    let mut k = machine(&[
        program!("init", |sys, _a| {
            let (m, s) = sys.open_pty().await.unwrap();
            let spec = SpawnSpec {
                argv: vec!["/bin/cat".into()],
                fds: vec![(0, s), (1, s)],
                new_session: true,
                controlling_tty: Some(0),
                ..SpawnSpec::default()
            };
            sys.spawn(spec).await.unwrap();
            sys.close(s).await.unwrap();
            sys.write_all(m, "hi\n").await.unwrap();
            sys.sleep(SimTime::millis(10)).await.unwrap();
            say!(sys, "{:?}", String::from_utf8_lossy(&sys.read(m, 100).await.unwrap()));
            sys.write_all(m, "\x04").await.unwrap();
            say!(sys, "{:?}", sys.read(m, 100).await);
        }),
        program!("cat", |sys, _a| {
            let all = sys.read_all(0).await.unwrap();
            sys.sleep(SimTime::millis(50)).await.unwrap();
            let _ = all;
        }),
    ]);
    k.run_until(SimTime::secs(1));
    assert_eq!(String::from_utf8_lossy(&k.read_file("/tmp/out").unwrap()), "\"hi\\r\\n\"\nErr(EIO)\n");
}
