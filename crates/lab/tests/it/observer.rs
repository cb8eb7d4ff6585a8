//! Goals are looked at in a copy of the machine, by scripts that may do anything.

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Observer, Scenario, Session, Verdict};
use layerlab_protocol::{GoalState, HomeFile as Given, Words};

fn session(files: &[(&str, &str)]) -> Session {
    let file = |(path, text): &(&str, &str)| HomeFile { path: (*path).into(), mode: 0o644, data: (*text).into() };
    let scenario = Scenario::new("observed", files.iter().map(file).collect());
    Session::new(layerlab_lab::parts::all(), scenario, 1, 1_795_248_000, WinSize { rows: 24, cols: 80 }).unwrap()
}

/// Types a line; whether its command has come to an end after a minute.
fn enter(s: &mut Session, line: &str) -> bool {
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    s.run_until_prompt(s.world().now() + SimTime::secs(60))
}

fn look(s: &Session, script: &str) -> Verdict {
    let given = [Given { path: "main.py".into(), mode: 0o644, bytes: b"print(1)\n".to_vec() }];
    Observer::start(s.world(), &given, "yes() { exit 0; }\n", script).finish()
}

fn state(s: &Session, script: &str) -> GoalState {
    let verdict = look(s, script);
    assert_eq!(verdict.trouble, None, "{script}");
    verdict.state
}

const OPEN: GoalState = GoalState::Open(None);

#[test]
fn the_script_is_root_in_the_home_folder_and_nothing_that_it_does_is_seen() {
    let mut s = session(&[("main.py", "print(2)\n")]);
    assert!(enter(&mut s, "true"));
    let before = s.world().digest();
    assert_eq!(state(&s, "[ \"$(id -u)\" = 0 ] && [ -e main.py ] || exit 1"), GoalState::Done);
    assert_eq!(state(&s, "cmp -s main.py \"$OBSERVER/given/main.py\" || exit 1"), OPEN);
    assert_eq!(state(&s, "rm -r /home /etc; yes"), GoalState::Done);
    assert_eq!(s.world().digest(), before);
    assert!(s.world().read_home("main.py").is_ok());
}

#[test]
fn it_says_what_is_in_both_languages_and_its_own_mistakes_to_authors_only() {
    let mut s = session(&[]);
    assert!(enter(&mut s, "true"));
    let words = Words { de: "`web` fehlt".into(), en: "`web` is missing".into() };
    let script = "printf 'de: {web} fehlt\\nen: {web} is missing\\n' >&3; echo noise; exit 1";
    assert_eq!(state(&s, script), GoalState::Open(Some(words)));
    let wrong = look(&s, "if");
    assert_eq!(wrong.state, OPEN);
    assert!(wrong.trouble.is_some_and(|t| t.contains("Syntax error")));
    let endless = look(&s, "while :; do sleep 1; done");
    assert_eq!(endless.state, OPEN);
    assert!(endless.trouble.is_some_and(|t| t.contains("does not end within 120 seconds")));
}

#[test]
fn a_server_in_the_foreground_answers_and_can_be_removed_in_the_copy() {
    let mut s = session(&[]);
    assert!(!enter(&mut s, "docker run -p 8080:80 nginx"), "it runs in the foreground");
    assert!(s.world().checkpoint().is_none(), "the client cannot be cloned");
    let before = s.world().digest();
    assert_eq!(state(&s, "curl -s localhost:8080 | grep -q nginx || exit 1"), GoalState::Done);
    let replaced = "docker rm -f $(docker ps -q); curl -s localhost:8080 && exit 1\n\
        docker run -d -p 8080:80 nginx; sleep 1; curl -s localhost:8080 || exit 1";
    assert_eq!(state(&s, replaced), GoalState::Done);
    assert_eq!(s.world().digest(), before);
}

#[test]
fn a_process_that_stands_still_can_be_killed() {
    let mut s = session(&[]);
    assert!(enter(&mut s, "docker run -d --name long alpine sleep 600"));
    let script = "[ \"$(docker ps -q | wc -l)\" = 1 ] || exit 1\n\
        docker stop -t 1 long && docker rm long && docker run --name long alpine true || exit 1";
    assert_eq!(state(&s, script), GoalState::Done);
}

#[test]
fn builds_are_written_down_for_the_script() {
    let mut s = session(&[("Dockerfile", "FROM alpine\nRUN echo one\nCOPY Dockerfile /\n")]);
    assert!(enter(&mut s, "docker build -t a:1 ."));
    assert!(enter(&mut s, "docker build -t a:2 ."));
    let script = "read -r first <\"$OBSERVER/builds\"\n\
        [ \"$first\" = \"2|done|$(docker image inspect -f '{{.Id}}' a:2)||a:2\" ] || exit 1\n\
        grep -qx '1|ran|RUN echo one' \"$OBSERVER/steps\" && grep -qx '2|cached|RUN echo one' \"$OBSERVER/steps\" || exit 1";
    assert_eq!(state(&s, script), GoalState::Done);
}
