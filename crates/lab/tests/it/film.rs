//! Films show what happened, in its order, and the machine as it was then.

use layerlab_lab::snapshot::snapshot;
use layerlab_lab::{Film, Input, Session};
use layerlab_protocol::{ContainerState, Deed, Moment, Phase, Snapshot};

use crate::{enter, session};

/// What happened during the latest command, with the machine as it was after each.
fn film(s: &Session) -> Vec<(Moment, Snapshot)> {
    let mut film = Film::of(s).expect("there is a command");
    let frames = loop {
        if let Some(frames) = film.run(100) {
            break frames;
        }
    };
    let mut now = Snapshot::default();
    let mut shown = Vec::new();
    for frame in frames {
        now = frame.change.apply(&now).expect("a change of the picture before");
        shown.push((frame.moment, now.clone()));
    }
    shown
}

/// What happened, in a row.
fn names(film: &[(Moment, Snapshot)]) -> Vec<String> {
    let name = |m: &Moment| match m {
        Moment::Did { deed: Deed::Request, names } if names[1].len() > 60 => {
            format!("{} {}", names[0], names[1].rsplit('/').next().unwrap_or_default())
        }
        Moment::Did { deed: Deed::Request, names } => names.join(" "),
        Moment::Did { deed, .. } => format!("{deed:?}"),
        Moment::Layer { phase, .. } => format!("{phase:?}"),
        other => format!("{other:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
    };
    film.iter().map(|(m, _)| name(m)).collect()
}

#[test]
fn a_run_goes_from_the_registry_to_the_process() {
    let mut s = session();
    enter(&mut s, "docker run -d --name web -p 8080:80 busybox:1.36 sleep 1000");
    let film = film(&s);
    assert_eq!(
        names(&film),
        [
            "Before",
            "POST /containers/create",
            "POST /images/create",
            "Resolved",
            "Moved",
            "Done",
            "Pulled",
            "POST /containers/create",
            "Created",
            "POST start",
            "Joined",
            "Isolated",
            "Started",
            "End",
        ]
    );
    let at = |name: &str| &film[names(&film).iter().position(|n| n == name).unwrap()].1;
    assert!(at("Before").images.is_empty());
    // On its way it is with the registry, then on disk.
    let transfer = &at("Resolved").transfers[0];
    assert_eq!((transfer.reference.as_str(), transfer.registry.as_str()), ("busybox:1.36", "docker.io"));
    assert_eq!(transfer.layers[0].phase, Phase::Waiting);
    let layers = film.iter().filter_map(|(m, _)| match m {
        Moment::Layer { created_by, .. } => Some(created_by.as_str()),
        _ => None,
    });
    assert!(
        layers.clone().count() == 2 && layers.clone().all(|l| l.starts_with("BusyBox")),
        "{:?}",
        layers.collect::<Vec<_>>()
    );
    assert_eq!(at("Pulled").images.len(), 1);
    assert_eq!(at("Created").containers[0].state, ContainerState::Created);
    assert!(at("Created").transfers.is_empty() && at("Created").containers[0].processes.is_empty());
    assert_eq!(at("Started").containers[0].state, ContainerState::Running);
    let (_, end) = film.last().unwrap();
    assert_eq!(*end, snapshot(s.world()), "it ends with the machine as it is");
}

#[test]
fn a_container_that_came_and_went_is_seen() {
    let mut s = session();
    enter(&mut s, "docker pull -q alpine");
    enter(&mut s, "docker run --rm alpine echo hi");
    let film = film(&s);
    let seen = |name: &str| names(&film).iter().any(|n| n == name);
    assert!(["Created", "Started", "Ended", "Removed"].into_iter().all(seen), "{:?}", names(&film));
    assert!(film.iter().any(|(_, s)| s.containers.len() == 1), "in some picture it is there");
    assert!(snapshot(s.world()).containers.is_empty());
}

#[test]
fn a_build_tells_its_lines() {
    let mut s = session();
    enter(&mut s, "docker build -q -t one .");
    enter(&mut s, "docker build -q -t two .");
    let lines = |film: &[(Moment, Snapshot)]| -> Vec<String> {
        let line = |m: &Moment| match m {
            Moment::Line { line, state, .. } => Some(format!("{line} {state:?}")),
            _ => None,
        };
        film.iter().filter_map(|(m, _)| line(m)).collect()
    };
    assert_eq!(lines(&film(&s)), ["1 Hit", "2 Hit"]);
    assert!(s.undo());
    assert_eq!(lines(&film(&s))[1], "2 Miss(NeverBuilt)", "after undo it is the command before");
}

#[test]
fn a_request_is_seen_on_its_way() {
    let mut s = session();
    enter(&mut s, "curl -s localhost:8080");
    assert_eq!(names(&film(&s)), ["Before", "Asked", "End"]);
    enter(&mut s, "ls");
    assert_eq!(names(&film(&s)), ["Before", "Nothing"]);
}

#[test]
fn a_film_changes_nothing_and_is_there_while_a_command_runs() {
    let mut s = session();
    enter(&mut s, "docker run -d --name app alpine sleep 5");
    s.apply(Input::Key(b"docker stop -t 2 app\r".to_vec())).unwrap();
    assert!(!s.run_until_prompt(s.world().now() + layerlab_kernel::SimTime::secs(1)));
    let before = s.world().digest();
    let film = film(&s);
    assert_eq!(s.world().digest(), before);
    assert_eq!(film.last().unwrap().0, Moment::End(None));
    assert!(names(&film).contains(&"Killed".to_owned()), "{:?}", names(&film));
}

#[test]
fn long_films_end_where_the_command_ends() {
    let mut s = session();
    enter(&mut s, "docker pull -q alpine");
    enter(&mut s, "for i in $(seq 40); do docker create --name c$i alpine; done");
    let film = film(&s);
    assert!(film.len() <= 82 && names(&film)[film.len() - 2] == "More", "{:?}", names(&film));
    assert_eq!(film.last().unwrap().1.containers.len(), 40);
}

#[test]
fn a_machine_where_nothing_was_done_has_none() {
    assert!(Film::of(&session()).is_none());
}
