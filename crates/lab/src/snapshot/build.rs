//! The latest builds, line by line.

use layerlab_engine::EngineState;
use layerlab_engine::build::cause::Cause;
use layerlab_engine::build::record::{BuildRecord, BuildState, LineRecord, LineState};
use layerlab_protocol as protocol;

/// How many the page gets.
const SHOWN: usize = 8;

/// The latest builds, newest first.
pub(super) fn builds(engine: &EngineState) -> Vec<protocol::Shared<protocol::Build>> {
    engine.builds.iter().rev().take(SHOWN).map(|b| build(b).into()).collect()
}

fn build(b: &BuildRecord) -> protocol::Build {
    protocol::Build {
        number: b.number as u32,
        dockerfile: b.dockerfile.clone(),
        tags: b.tags.clone(),
        state: match &b.state {
            BuildState::Running => protocol::BuildState::Running,
            BuildState::Done => protocol::BuildState::Done,
            BuildState::Failed { line, message } => {
                protocol::BuildState::Failed { line: *line, message: message.clone() }
            }
            BuildState::Canceled => protocol::BuildState::Canceled,
        },
        took: b.took,
        saved: b.saved,
        lines: b.lines.iter().map(line).collect(),
        image: b.image.map(|d| d.to_string()),
    }
}

/// An instruction and what became of it.
pub(crate) fn line(l: &LineRecord) -> protocol::BuildLine {
    let cause = |c: &Option<Cause>| c.as_ref().map(cause_of);
    protocol::BuildLine {
        line: l.lines.0,
        text: l.text.clone(),
        state: match &l.state {
            LineState::Config => protocol::LineState::Config,
            LineState::Waiting => protocol::LineState::Waiting,
            LineState::Running(c) => protocol::LineState::Running(cause(c)),
            LineState::Hit { .. } => protocol::LineState::Hit,
            LineState::Miss(c) => protocol::LineState::Miss(cause(c).unwrap_or(protocol::MissCause::NeverBuilt)),
            LineState::Failed(c) => protocol::LineState::Failed(cause(c)),
            LineState::Skipped => protocol::LineState::Skipped,
        },
        took: l.took,
        saved: l.saved,
        layer: l.layer.map(|d| d.to_string()),
        size: l.size,
    }
}

fn cause_of(c: &Cause) -> protocol::MissCause {
    use protocol::MissCause as M;
    match c {
        Cause::NeverBuilt | Cause::CachePruned | Cause::Hit { .. } => M::NeverBuilt,
        Cause::NoCache => M::NoCache,
        Cause::InstructionChanged { old, .. } => M::Instruction { before: old.clone() },
        Cause::FilesChanged { changed, added, removed } => {
            M::Files { changed: changed.clone(), added: added.clone(), removed: removed.clone() }
        }
        Cause::ModeChanged { files } => M::Files { changed: files.clone(), added: Vec::new(), removed: Vec::new() },
        Cause::BuildArgChanged { name, .. } => M::Variable { name: name.clone(), argument: true },
        Cause::EnvChanged { name, .. } => M::Variable { name: name.clone(), argument: false },
        Cause::SettingChanged { name, .. } => M::Setting { instruction: name.clone() },
        Cause::BaseImageMoved { reference, .. } => M::Base { reference: reference.clone() },
        Cause::ParentMissed { line, .. } => M::Parent { line: *line },
    }
}
