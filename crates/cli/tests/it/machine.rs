//! A whole machine: shell, docker, dockerd.

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, World};

/// The clock at boot: 2026-11-21 08:00:00 UTC.
const BOOT: i64 = 1_795_248_000;

pub(crate) struct Machine {
    world: World,
    next: u32,
}

/// What a script gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Machine {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| HomeFile {
            path: (*path).into(),
            mode: 0o644,
            data: text.as_bytes().to_vec(),
        };
        let mut scenario = Scenario::new("cli", files.iter().map(file).collect());
        scenario.login = false;
        let world =
            World::boot(layerlab_lab::parts::all(), &scenario, 1, BOOT, WinSize { rows: 24, cols: 80 }).unwrap();
        Self { world, next: 1 }
    }

    /// Runs a script until it ends.
    pub(crate) fn sh(&mut self, script: &str) -> Ran {
        let id = self.next;
        self.next += 1;
        self.world.apply(&Input::Run { id, argv: vec!["sh".into(), "-c".into(), script.into()] }).unwrap();
        self.world.apply(&Input::Stdin { id, data: None }).unwrap();
        let mut ran = Ran::default();
        let limit = self.world.now() + SimTime::secs(600);
        loop {
            let got = self.world.outside(id).unwrap();
            ran.out.push_str(&String::from_utf8_lossy(&got.stdout));
            ran.err.push_str(&String::from_utf8_lossy(&got.stderr));
            if let Some(status) = got.status {
                ran.code = status.code();
                return ran;
            }
            assert!(self.world.now() < limit, "{script}: still running\n{ran:#?}");
            let until = self.world.now() + SimTime::millis(10);
            self.world.run_until(until);
        }
    }
}

/// A machine whose terminal belongs to the commands that it runs.
pub(crate) struct Terminal {
    world: World,
    next: u32,
}

impl Terminal {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self { world: Machine::new(files).world, next: 1 }
    }

    /// Starts a command whose standard descriptors are the terminal, and lets time pass.
    pub(crate) fn start(&mut self, command: &str) -> String {
        let id = self.next;
        self.next += 1;
        let script = format!("{command} < /dev/pts/0 > /dev/pts/0 2>&1");
        self.world.apply(&Input::Run { id, argv: vec!["sh".into(), "-c".into(), script] }).unwrap();
        self.wait(3000)
    }

    /// Types keys and lets a second pass; what the screen was sent.
    pub(crate) fn keys(&mut self, keys: &str) -> String {
        self.world.apply(&Input::Key(keys.as_bytes().to_vec())).unwrap();
        self.wait(1000)
    }

    fn wait(&mut self, millis: u64) -> String {
        let until = self.world.now() + SimTime::millis(millis);
        self.world.run_until(until);
        String::from_utf8_lossy(&self.world.take_output()).into_owned()
    }
}
