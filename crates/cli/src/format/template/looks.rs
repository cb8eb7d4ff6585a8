//! What a template looks at.

use super::parse::{Call, Node, Operand, Pipe};

/// Whether nothing but fields of the data is looked at: not the data as a whole, no variables, no other dot.
pub(super) fn only_fields(nodes: &[Node]) -> bool {
    fn of_pipe(p: &Pipe) -> bool {
        p.variables.is_empty()
            && p.commands.iter().flat_map(|c| &c.args).all(|a| match &a.operand {
                Operand::Dot => !a.fields.is_empty(),
                Operand::Variable(_) => false,
                Operand::Paren(p) => of_pipe(p),
                _ => true,
            })
    }
    nodes.iter().all(|n| match n {
        Node::Action(p) => of_pipe(p),
        Node::If(p, a, b) => of_pipe(p) && only_fields(a) && only_fields(b),
        Node::With(..) | Node::Range(..) | Node::Template(_) => false,
        Node::Text(_) | Node::Break | Node::Continue => true,
    })
}

/// The names of all fields of the dot.
pub(super) fn fields(nodes: &[Node]) -> Vec<String> {
    fn of_pipe(p: &Pipe, out: &mut Vec<String>) {
        for a in p.commands.iter().flat_map(|c| &c.args) {
            out.extend(a.fields.first().cloned());
            if let Operand::Paren(p) = &a.operand {
                of_pipe(p, out);
            }
        }
    }
    let mut out = Vec::new();
    for n in nodes {
        match n {
            Node::Action(p) => of_pipe(p, &mut out),
            Node::If(p, a, b) | Node::With(p, a, b) | Node::Range(p, a, b) => {
                of_pipe(p, &mut out);
                out.extend(fields(a));
                out.extend(fields(b));
            }
            Node::Template(Call { data: Some(p), .. }) => of_pipe(p, &mut out),
            _ => {}
        }
    }
    out
}
