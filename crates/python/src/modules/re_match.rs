//! Runs a regular expression's program by backtracking. The way back is kept on the heap.

#[derive(Clone)]
pub(super) struct Set {
    pub(super) negative: bool,
    pub(super) fold: bool,
    pub(super) ascii: bool,
    pub(super) ranges: Vec<(char, char)>,
    pub(super) classes: Vec<char>,
}

pub(super) enum Inst {
    Char(char, bool),
    /// Any character; with true, also a line's end.
    Any(bool),
    Set(Set),
    /// The first way, and if it fails the second.
    Split(usize, usize),
    Jump(usize),
    /// Keeps the position in a slot.
    Save(usize),
    /// Fails if nothing was matched since the slot was set.
    Progress(usize),
    Assert(char),
    Back(usize, bool),
    /// What follows up to `end` must match, or not, here or so many characters before.
    Look {
        back: usize,
        negative: bool,
        end: usize,
    },
    Match,
    Fail,
}

/// More than this, and a search gives up.
const MAX_STEPS: u64 = 20_000_000;

/// A search used too many steps.
pub(super) struct TooLong;

type Slots = Vec<Option<usize>>;

enum Undo {
    Way(usize, usize),
    Slot(usize, Option<usize>),
}

struct Machine<'a> {
    insts: &'a [Inst],
    text: &'a [char],
    whole: bool,
    not_empty_at: Option<usize>,
}

/// Looks for the program's next match from `at` on. Mode 1 and 2 look at `at` only; 2 must end where the text ends.
pub(super) fn search(
    insts: &[Inst],
    slots: usize,
    text: &[char],
    at: usize,
    mode: i64,
    not_empty_at: Option<usize>,
    steps: &mut u64,
) -> Result<Option<Slots>, TooLong> {
    let m = Machine { insts, text, whole: mode == 2, not_empty_at };
    let last = if mode == 0 { text.len() } else { at };
    for from in at..=last {
        if let Some(Inst::Char(c, false)) = insts.first()
            && text.get(from) != Some(c)
        {
            continue;
        }
        let mut s: Slots = vec![None; slots];
        if let Some(to) = m.run(0, from, from, &mut s, steps, true)? {
            if let Some(p) = s.get_mut(0) {
                *p = Some(from);
            }
            if let Some(p) = s.get_mut(1) {
                *p = Some(to);
            }
            return Ok(Some(s));
        }
    }
    Ok(None)
}

impl Machine<'_> {
    fn run(
        &self,
        pc: usize,
        at: usize,
        start: usize,
        slots: &mut Slots,
        steps: &mut u64,
        top: bool,
    ) -> Result<Option<usize>, TooLong> {
        let (mut pc, mut at) = (pc, at);
        let mut undo: Vec<Undo> = Vec::new();
        loop {
            *steps += 1;
            if *steps > MAX_STEPS || undo.len() > 4_000_000 {
                return Err(TooLong);
            }
            let ok = match self.insts.get(pc) {
                None | Some(Inst::Fail) => false,
                Some(Inst::Match) => {
                    let empty = top && self.not_empty_at == Some(at) && at == start;
                    if !empty && (!top || !self.whole || at == self.text.len()) {
                        return Ok(Some(at));
                    }
                    false
                }
                Some(Inst::Char(c, fold)) => {
                    let yes = self.text.get(at).is_some_and(|t| t == c || (*fold && same_letter(*t, *c)));
                    at += 1;
                    yes
                }
                Some(Inst::Any(all)) => {
                    let yes = self.text.get(at).is_some_and(|t| *all || *t != '\n');
                    at += 1;
                    yes
                }
                Some(Inst::Set(s)) => {
                    let yes = self.text.get(at).is_some_and(|t| s.has(*t));
                    at += 1;
                    yes
                }
                Some(Inst::Split(a, b)) => {
                    undo.push(Undo::Way(*b, at));
                    pc = *a;
                    continue;
                }
                Some(Inst::Jump(to)) => {
                    pc = *to;
                    continue;
                }
                Some(Inst::Save(n)) => {
                    if let Some(s) = slots.get_mut(*n) {
                        undo.push(Undo::Slot(*n, *s));
                        *s = Some(at);
                    }
                    true
                }
                Some(Inst::Progress(n)) => {
                    if slots.get(*n).copied().flatten() == Some(at) {
                        // Nothing was matched: leave the loop, whose jump comes next.
                        pc += 2;
                        continue;
                    }
                    true
                }
                Some(Inst::Assert(c)) => self.holds(*c, at),
                Some(Inst::Back(n, fold)) => {
                    match (slots.get(2 * n).copied().flatten(), slots.get(2 * n + 1).copied().flatten()) {
                        (Some(a), Some(b)) => {
                            let want = self.text.get(a..b).unwrap_or(&[]);
                            let have = self.text.get(at..at + want.len());
                            let yes = have.is_some_and(|h| {
                                h.iter().zip(want).all(|(x, y)| x == y || (*fold && same_letter(*x, *y)))
                            });
                            at += want.len();
                            yes
                        }
                        _ => false,
                    }
                }
                Some(Inst::Look { back, negative, end }) => {
                    let saved = slots.clone();
                    let found = match at.checked_sub(*back) {
                        Some(from) => self.run(pc + 1, from, from, slots, steps, false)?.is_some(),
                        None => false,
                    };
                    if *negative || !found {
                        *slots = saved;
                    } else {
                        for (n, (old, new)) in saved.iter().zip(slots.iter()).enumerate() {
                            if old != new {
                                undo.push(Undo::Slot(n, *old));
                            }
                        }
                    }
                    if found != *negative {
                        pc = *end;
                        continue;
                    }
                    false
                }
            };
            if ok {
                pc += 1;
                continue;
            }
            loop {
                match undo.pop() {
                    None => return Ok(None),
                    Some(Undo::Way(p, a)) => {
                        (pc, at) = (p, a);
                        break;
                    }
                    Some(Undo::Slot(n, old)) => {
                        if let Some(s) = slots.get_mut(n) {
                            *s = old;
                        }
                    }
                }
            }
        }
    }

    fn holds(&self, c: char, at: usize) -> bool {
        let end = self.text.len();
        let before = at.checked_sub(1).and_then(|i| self.text.get(i)).copied();
        let here = self.text.get(at).copied();
        match c {
            'A' => at == 0,
            'Z' => at == end,
            'e' => at == end || (at + 1 == end && here == Some('\n')),
            '^' => at == 0 || before == Some('\n'),
            '$' => at == end || here == Some('\n'),
            _ => (before.is_some_and(is_word) != here.is_some_and(is_word)) == (c == 'b'),
        }
    }
}

/// A decimal digit of another script (the usual ones of Unicode's class Nd).
fn is_decimal(c: char) -> bool {
    const ZEROS: [u32; 12] = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xe50, 0xff10];
    ZEROS.iter().any(|z| (*z..*z + 10).contains(&(c as u32)))
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn same_letter(a: char, b: char) -> bool {
    a.to_lowercase().eq(b.to_lowercase())
}

impl Set {
    fn has(&self, c: char) -> bool {
        let inside = |c: char| self.ranges.iter().any(|(a, b)| *a <= c && c <= *b);
        let mut yes = inside(c) || self.classes.iter().any(|k| self.class(*k, c));
        if !yes && self.fold {
            yes = c.to_lowercase().any(inside) || c.to_uppercase().any(inside);
        }
        yes != self.negative
    }

    fn class(&self, k: char, c: char) -> bool {
        let plain = !self.ascii || c.is_ascii();
        match k {
            'd' => {
                if self.ascii {
                    c.is_ascii_digit()
                } else {
                    c.is_ascii_digit() || is_decimal(c)
                }
            }
            'D' => !self.class('d', c),
            'w' => plain && is_word(c),
            'W' => !self.class('w', c),
            's' => plain && (c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)),
            _ => !self.class('s', c),
        }
    }
}
