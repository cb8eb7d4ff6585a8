//! `--chmod`: octal, or chmod(1)'s symbols (since Dockerfile 1.14), without a umask.

/// A mode to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode(Vec<Clause>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Clause {
    Bits(u32),
    Symbols { who: u32, operator: char, what: String },
}

const USER: u32 = 0o4700;
const GROUP: u32 = 0o2070;
const OTHER: u32 = 0o1007;

impl Mode {
    /// Reads it; `None` if it is neither form.
    pub fn parse(text: &str) -> Option<Self> {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            let bits = u32::from_str_radix(text, 8).ok().filter(|m| *m <= 0o7777)?;
            return Some(Self(vec![Clause::Bits(bits)]));
        }
        let mut out = Vec::new();
        for clause in text.split(',') {
            let at = clause.find(['+', '-', '='])?;
            let (people, mut rest) = clause.split_at_checked(at)?;
            let mut who = 0;
            for p in people.chars() {
                who |= match p {
                    'u' => USER,
                    'g' => GROUP,
                    'o' => OTHER,
                    'a' => USER | GROUP | OTHER,
                    _ => return None,
                };
            }
            if people.is_empty() {
                who = USER | GROUP | OTHER;
            }
            while let Some(operator) = rest.chars().next() {
                let after = rest.get(1..)?;
                let end = after.find(['+', '-', '=']).unwrap_or(after.len());
                let (what, next) = after.split_at_checked(end)?;
                if !what.chars().all(|c| "rwxXstugo".contains(c)) {
                    return None;
                }
                out.push(Clause::Symbols { who, operator, what: what.to_owned() });
                rest = next;
            }
        }
        Some(Self(out))
    }

    /// The mode of a file that has `mode` now.
    pub fn apply(&self, mode: u32, is_dir: bool) -> u32 {
        self.0.iter().fold(mode, |mode, clause| match clause {
            Clause::Bits(bits) => *bits,
            Clause::Symbols { who, operator, what } => {
                let bits = what.chars().map(|c| bits(c, mode, is_dir)).fold(0, |a, b| a | b) & who;
                match operator {
                    '+' => mode | bits,
                    '-' => mode & !bits,
                    _ => (mode & !(who & 0o6777)) | bits,
                }
            }
        })
    }
}

/// What a letter stands for, for everybody.
fn bits(letter: char, mode: u32, is_dir: bool) -> u32 {
    let everybody = |three: u32| (three & 7) * 0o111;
    match letter {
        'r' => 0o444,
        'w' => 0o222,
        'x' => 0o111,
        'X' if is_dir || mode & 0o111 != 0 => 0o111,
        's' => 0o6000,
        't' => 0o1000,
        'u' => everybody(mode >> 6),
        'g' => everybody(mode >> 3),
        'o' => everybody(mode),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn as_chmod_of_coreutils_with_umask_0() {
        let cases = [
            ("755", 0o600, 0o755),
            ("+x", 0o644, 0o755),
            ("u+x", 0o644, 0o744),
            ("go-rwx", 0o755, 0o700),
            ("u=rwX,go=rX", 0o600, 0o644),
            ("u=rwX,go=rX", 0o700, 0o755),
            ("g=u", 0o640, 0o660),
            ("a=r", 0o777, 0o444),
            ("u+s", 0o755, 0o4755),
            ("o+w-r", 0o644, 0o642),
        ];
        for (text, before, after) in cases {
            assert_eq!(
                format!("{:o}", Mode::parse(text).unwrap().apply(before, false)),
                format!("{after:o}"),
                "{text}"
            );
        }
        assert_eq!(Mode::parse("u=rwX").unwrap().apply(0o600, true), 0o700);
        for wrong in ["x", "u+q", "99", "77777", "u"] {
            assert_eq!(Mode::parse(wrong), None, "{wrong}");
        }
    }
}
