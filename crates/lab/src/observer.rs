//! The invisible observer: finds out whether a goal is reached, by a script that runs as root in a copy
//! of the world. The copy is thrown away, so the script may do anything, and nobody sees it.
//!
//! The script is a plain one for `/bin/sh`, in the student's home folder, after a prelude that gives it its
//! words (`lessons/observer.sh`). What it finds beside the machine is in `$OBSERVER`: `given/` (the home
//! folder's files as they were at first), `builds` (a line a build, newest first: number, state, image, line
//! that failed, tags) and `steps` (a line an instruction: number of the build, state, text); fields are
//! parted by `|`. It says what is and what should be by lines `de: …` and `en: …` on standard output.
//! A script that ends with 0 has found the goal reached, with 1 not; all else is a mistake of its author.

use layerlab_engine::build::record::{BuildState, LineState};
use layerlab_kernel::vfs::{FsId, Inode};
use layerlab_kernel::{Errno, ExitStatus, Outside, SimTime, Slice, SpawnSpec};
use layerlab_protocol::{GoalState, HomeFile, Words};

use crate::world::{World, student};

/// Where the observer's files lie in the copy.
const PLACE: &str = "/usr/lib/observer";
/// Virtual time that a script may take.
const LIMIT: SimTime = SimTime::secs(120);
/// Events that a script may take.
const EVENTS: u64 = 2_000_000;
/// Events of one step.
const STEP: u64 = 64;

/// What a script found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How the goal stands.
    pub state: GoalState,
    /// What is wrong with the script, for authors.
    pub trouble: Option<String>,
}

/// A script at work in a copy of the world.
pub struct Observer {
    world: World,
    outside: Result<Outside, Errno>,
    until: SimTime,
    left: u64,
}

impl Observer {
    /// Makes the copy and starts the script. `given`: the home folder's files at first.
    pub fn start(world: &World, given: &[HomeFile], prelude: &str, script: &str) -> Self {
        let mut world = world.for_observer();
        let placed = place(&mut world, given, prelude, script);
        let run = format!("exec 3>&1 >&2 </dev/null; . {PLACE}/observer.sh; . {PLACE}/check.sh; exit 0");
        let mut spec = student(["sh", "-c", &run].map(str::to_owned).to_vec());
        spec.env.retain(|(name, _)| !["HOME", "USER", "LOGNAME", "MAIL"].contains(&name.as_str()));
        spec.env.extend([("HOME", "/root"), ("USER", "root"), ("OBSERVER", PLACE)].map(|(n, v)| (n.into(), v.into())));
        let spec = SpawnSpec { uid: 0, gid: 0, groups: Vec::new(), ..spec };
        let outside = placed.and_then(|()| world.kernel.spawn_outside(&spec));
        if let Ok(o) = &outside {
            world.kernel.close_outside(o);
        }
        let until = world.now() + LIMIT;
        Self { world, outside, until, left: EVENTS / STEP }
    }

    /// Goes on for so many steps of a few dozen events; the verdict once it is there.
    pub fn run(&mut self, steps: u64) -> Option<Verdict> {
        let o = match &self.outside {
            Ok(o) => o.clone(),
            Err(e) => return Some(open(format!("the script cannot be started: {e}"))),
        };
        for _ in 0..steps {
            if let Some(status) = self.world.kernel.status_outside(&o) {
                let (out, err) = self.world.kernel.take_outside(&o);
                return Some(verdict(status, &out, &err));
            }
            let next = self.world.kernel.next_event().filter(|t| *t <= self.until && self.left > 0);
            let Some(next) = next else {
                return Some(open(format!("the script does not end within {} seconds", LIMIT.as_millis() / 1000)));
            };
            self.left -= 1;
            if let Slice::Missing(part) = self.world.kernel.run_slice(next, STEP) {
                return Some(open(format!("the part {part} is missing")));
            }
        }
        None
    }

    /// Goes on until the end.
    pub fn finish(mut self) -> Verdict {
        loop {
            if let Some(verdict) = self.run(u64::MAX) {
                return verdict;
            }
        }
    }
}

fn open(trouble: String) -> Verdict {
    Verdict { state: GoalState::Open(None), trouble: Some(trouble) }
}

fn verdict(status: ExitStatus, out: &[u8], err: &[u8]) -> Verdict {
    let out = String::from_utf8_lossy(out);
    let said = |lang: &str| out.lines().find_map(|l| l.strip_prefix(lang)).map(|l| l.trim().replace(['{', '}'], "`"));
    let words = said("de:").zip(said("en:")).map(|(de, en)| Words { de, en });
    match status {
        ExitStatus::Code(0) => Verdict { state: GoalState::Done, trouble: None },
        ExitStatus::Code(1) => Verdict { state: GoalState::Open(words), trouble: None },
        other => {
            let err = String::from_utf8_lossy(err);
            let last = err.lines().next_back().unwrap_or_default();
            Verdict { trouble: Some(format!("the script ends with {other:?}: {last}")), ..open(String::new()) }
        }
    }
}

/// Puts the observer's files into the copy.
fn place(world: &mut World, given: &[HomeFile], prelude: &str, script: &str) -> Result<(), Errno> {
    let (builds, steps) = builds(world);
    let texts = [("observer.sh", prelude), ("check.sh", script), ("builds", &builds), ("steps", &steps)];
    let tree = &mut world.kernel.sys.filesystems.get_mut(&FsId(0)).ok_or(Errno::EIO)?.tree;
    tree.mkdir_all(&format!("{PLACE}/given"))?;
    for (name, text) in texts {
        tree.insert(&format!("{PLACE}/{name}"), Inode::file(text, 0o644))?;
    }
    for file in given {
        let path = format!("{PLACE}/given/{}", file.path);
        if let Some((folder, _)) = path.rsplit_once('/') {
            tree.mkdir_all(folder)?;
        }
        tree.insert(&path, Inode::file(file.bytes.clone(), 0o644))?;
    }
    Ok(())
}

/// What the engine wrote down of builds: `builds` and `steps`.
fn builds(world: &World) -> (String, String) {
    let (mut builds, mut steps) = (String::new(), String::new());
    for b in world.engine().into_iter().flat_map(|e| e.builds.iter().rev()) {
        let (state, line) = match &b.state {
            BuildState::Running => ("running", None),
            BuildState::Done => ("done", None),
            BuildState::Failed { line, .. } => ("failed", *line),
            BuildState::Canceled => ("canceled", None),
        };
        let image = b.image.as_ref().map(ToString::to_string).unwrap_or_default();
        let line = line.map(|l| l.to_string()).unwrap_or_default();
        builds.push_str(&format!("{}|{state}|{image}|{line}|{}\n", b.number, b.tags.join(" ")));
        for l in &b.lines {
            let state = match l.state {
                LineState::Hit { .. } => "cached",
                LineState::Config => "config",
                LineState::Failed(_) => "failed",
                LineState::Miss(_) => "ran",
                LineState::Waiting | LineState::Running(_) | LineState::Skipped => "skipped",
            };
            steps.push_str(&format!("{}|{state}|{}\n", b.number, l.text.replace('\n', " ")));
        }
    }
    (builds, steps)
}
