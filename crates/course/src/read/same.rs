//! Both languages of a lesson have the same parts in the same order.

use super::Mistake;
use super::text::Text;

/// The first difference; what follows it differs only because of it.
pub(super) fn check(de: (&str, &Text), en: (&str, &Text)) -> Option<Mistake> {
    let mut others = en.1.shape.iter();
    for (part, line) in &de.1.shape {
        match others.next() {
            Some((other, _)) if other == part => {}
            Some((other, at)) => {
                return Some(Mistake::new(de.0, *line, format!("here is {part}, where {}:{at} has {other}", en.0)));
            }
            None => return Some(Mistake::new(de.0, *line, format!("here is {part}, and {} has no more parts", en.0))),
        }
    }
    let (other, at) = others.next()?;
    Some(Mistake::new(en.0, *at, format!("here is {other}, and {} has no more parts", de.0)))
}
