//! Images on their way from or to a registry.

use layerlab_engine::EngineState;
use layerlab_engine::transfer::Phase;
use layerlab_protocol as protocol;

use super::image;

/// All of them, oldest first.
pub(super) fn transfers(engine: &EngineState) -> Vec<protocol::Shared<protocol::Transfer>> {
    let one = |(number, t): (&u64, &layerlab_engine::shared::Shared<layerlab_engine::transfer::Transfer>)| {
        let layers = t.layers.iter().map(|l| protocol::MovingLayer {
            digest: l.diff_id.to_string(),
            created_by: image::label(&l.created_by),
            size: l.size,
            done: l.done,
            phase: phase(l.phase),
        });
        protocol::Transfer {
            number: *number as u32,
            reference: t.reference.clone(),
            registry: t.registry.clone(),
            push: t.push,
            layers: layers.collect(),
        }
        .into()
    };
    engine.transfers.iter().map(one).collect()
}

/// How far a layer is.
pub(crate) fn phase(phase: Phase) -> protocol::Phase {
    match phase {
        Phase::Present => protocol::Phase::Present,
        Phase::Waiting => protocol::Phase::Waiting,
        Phase::Moving => protocol::Phase::Moving,
        Phase::Moved => protocol::Phase::Moved,
        Phase::Done => protocol::Phase::Done,
    }
}
