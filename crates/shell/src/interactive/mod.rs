//! The loop at a prompt.
use crate::eval::{Flow, Shell};
use layerlab_kernel::Cx;
/// x
#[derive(Clone, Debug, Hash)]
pub struct PromptFrame {}
impl PromptFrame {
    pub fn new() -> Self { Self {} }
}
impl Shell {
    pub(crate) fn step_prompt(&mut self, _f: Box<PromptFrame>, _cx: &mut Cx<'_>) -> Flow { Flow::Go }
    pub(crate) fn save_history(&mut self, _cx: &mut Cx<'_>) {}
    pub(crate) fn load_history(&mut self, _cx: &mut Cx<'_>) {}
}
