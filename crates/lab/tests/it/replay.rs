use layerlab_kernel::{SimTime, Slice, WinSize};
use layerlab_lab::{Input, Log, Scenario, Session, Stop, parts};
use proptest::prelude::*;

use crate::{enter, session};

#[test]
fn a_stored_session_goes_on_as_it_was() {
    let mut s = session();
    let header = s.log().encode();
    let mut records = Vec::new();
    for line in ["echo hi > f", "cat f", "docker images", "sleep 2 &"] {
        {
            let input = Input::Key(format!("{line}\r").into_bytes());
            records.push(s.record(&input));
            s.apply(input).unwrap();
        }
        assert!(s.run_until_prompt(s.world().now() + SimTime::secs(60)));
    }
    let last = s.world().now();
    let mut again = Session::restore(parts::all(), &header, &records, false).unwrap();
    assert_eq!((again.replayed, again.stop.clone()), (4, None));
    again.session.run_slice(last, u64::MAX);
    assert_eq!(again.session.world().digest(), s.world().digest());
    assert!(enter(&mut again.session, "cat f").contains("hi"));
}

#[test]
fn a_pending_input_is_left_out_and_told() {
    let mut s = session();
    let header = s.log().encode();
    let first = s.record(&Input::Key(b"echo hi > f\r".to_vec()));
    let again = Session::restore(parts::all(), &header, &[first], true).unwrap();
    assert_eq!(again.stop, Some(Stop::Pending));
    enter(&mut s, "true");
}

#[test]
fn a_changed_log_is_noticed() {
    let mut s = session();
    enter(&mut s, "echo one > f");
    enter(&mut s, "cat f");
    let mut log = s.log();
    assert!(Session::play(parts::all(), log.clone()).unwrap().stop.is_none());
    log.inputs[0].input = Input::Key(b"echo two > f\r".to_vec());
    assert_eq!(Session::play(parts::all(), log).unwrap().stop, Some(Stop::Differs { line: "echo one > f".into() }));
}

#[test]
fn a_log_of_another_version_is_played_command_by_command() {
    let mut s = session();
    enter(&mut s, "echo one > f");
    enter(&mut s, "grep -q two f");
    let mut log = s.log();
    log.header.version = "0.0.1".into();
    let again = Session::play(parts::all(), log.clone()).unwrap();
    assert_eq!(again.stop, None);
    log.marks[1].exit = Some(0);
    assert_eq!(Session::play(parts::all(), log).unwrap().stop, Some(Stop::Differs { line: "grep -q two f".into() }));
}

#[test]
fn a_mark_of_the_moment_of_an_input_is_before_or_after_it() {
    let mut s = session();
    for line in ["cd /tmp\r", "x=1\r", "pwd\r"] {
        s.apply(Input::Key(line.into())).unwrap();
        s.run_slice(s.world().now(), u64::MAX);
    }
    let mut log = s.log();
    assert!(log.marks.iter().all(|m| m.at == log.end));
    assert_eq!(Session::play(parts::all(), log.clone()).unwrap().stop, None);
    log.inputs[1].input = Input::Key(b"x=2\r".to_vec());
    assert!(Session::play(parts::all(), log).unwrap().stop.is_some());
}

#[test]
fn damaged_bytes_are_no_log() {
    let mut bytes = session().log().encode();
    assert!(Log::decode(&bytes).is_ok());
    assert!(Log::decode(b"").is_err());
    bytes.truncate(bytes.len() - 3);
    assert!(Log::decode(&bytes).is_err());
}

/// Something that a person might type.
fn typed() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "ls",
        "ls -l",
        "echo hi",
        "cat a.txt",
        "docker ps",
        "docker images",
        "cd /tmp",
        "cd",
        "pwd",
        "x=5; echo $x",
        "for i in 1 2; do echo $i; done",
        "echo a | cat",
        "nosuch",
        "sleep 1",
        "sleep 1 &",
        "docker run nosuch",
        "echo \"",
        "cat",
        "docker build .",
        "\x03",
        "\x04",
        "\t",
        "\x1b[A",
        "x",
        "\x7f",
    ]);
    (words, any::<bool>()).prop_map(|(w, enter)| {
        let mut b = w.as_bytes().to_vec();
        if enter {
            b.push(b'\r');
        }
        b
    })
}

/// What happens to the terminals beside the first.
#[derive(Clone, Debug)]
enum Act {
    Type(u32, Vec<u8>),
    Open(Option<&'static str>),
    Close(u32),
}

impl Act {
    fn input(&self) -> Input {
        match self.clone() {
            Self::Type(terminal, bytes) => Input::key(terminal, bytes),
            Self::Open(command) => Input::Open { command: command.map(str::to_owned) },
            Self::Close(terminal) => Input::Close { terminal },
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    let command = prop::sample::select(vec![None, Some("tty"), Some("sleep 1"), Some("docker exec -it web sh")]);
    prop_oneof![
        6 => (0u32..4, typed()).prop_map(|(terminal, bytes)| Act::Type(terminal, bytes)),
        2 => command.prop_map(Act::Open),
        1 => (0u32..4).prop_map(Act::Close),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(256), ..ProptestConfig::default() })]
    #[test]
    fn the_same_log_gives_the_same_world_however_time_is_split(
        inputs in prop::collection::vec((act(), prop_oneof![Just(0), 0u64..3_000]), 1..12),
        step in 3_000_001u64..700_000_000,
        budget in 1u64..500,
    ) {
        let mut whole = session();
        let mut split = session();
        for (act, wait) in inputs {
            // A terminal that is not there refuses, in both.
            let [one, other] = [&mut whole, &mut split].map(|s| s.apply(act.input()));
            prop_assert_eq!(one, other);
            let until = whole.world().now() + SimTime::millis(wait);
            whole.run_slice(until, u64::MAX);
            let mut at = split.world().now();
            // What is due at this very moment counts, too.
            while split.run_slice(at, budget) == Slice::More {
                // The world cannot see it.
            }
            while at < until {
                at = (at + SimTime(step)).min(until);
                while split.run_slice(at, budget) == Slice::More {
                    // The world cannot see it.
                }
            }
        }
        prop_assert_eq!(whole.world().digest(), split.world().digest());
        let played = Session::play(parts::all(), whole.log()).unwrap();
        prop_assert_eq!(played.stop, None);
        prop_assert_eq!(played.session.world().digest(), whole.world().digest());
        prop_assert_eq!(played.session.terminals(), whole.terminals());
        for terminal in whole.terminals() {
            let number = terminal.number;
            prop_assert_eq!(played.session.transcript_of(number), whole.transcript_of(number));
        }
    }
}

/// A prompt needs no part of the programs but what is at hand; what comes later cannot be told from
/// what was there.
#[test]
fn parts_may_come_when_they_are_needed() {
    let boot = |programs| {
        let scenario = Scenario::new("parts", Vec::new());
        Session::new(programs, scenario, 7, 1_795_248_000, WinSize { rows: 24, cols: 80 }).unwrap()
    };
    let (mut all, programs) = (boot(parts::all()), parts::at_the_prompt());
    let mut lazy = boot(programs.clone());
    assert_eq!(lazy.world().now(), SimTime::secs(1));
    assert_eq!(all.transcript(), lazy.transcript());
    assert_eq!(all.world().digest(), lazy.world().digest());
    for session in [&mut all, &mut lazy] {
        session
            .apply(Input::Key(b"echo $((6*7)); ls -d /; docker version -f '{{.Server.Version}}'\n".to_vec()))
            .unwrap();
    }
    all.run_until_prompt(SimTime::secs(60));
    let mut missing = Vec::new();
    while let Slice::Missing(part) = lazy.run_slice(all.world().now(), u64::MAX) {
        missing.push(part);
        match part {
            "tools" => parts::tools(&programs),
            "docker" => parts::docker(&programs),
            _ => parts::python(&programs),
        }
    }
    assert_eq!(missing, ["tools", "docker"]);
    assert_eq!(all.world().digest(), lazy.world().digest());
    assert_eq!(String::from_utf8_lossy(all.transcript()), String::from_utf8_lossy(lazy.transcript()));
}
