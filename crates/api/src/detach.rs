//! Keys that leave an attached container (moby/term `ascii.go`).

/// The bytes of `ctrl-p,ctrl-q`; `None`: a name is none of a key.
pub fn detach_keys(names: &str) -> Option<Vec<u8>> {
    names.split(',').map(key).collect()
}

fn key(name: &str) -> Option<u8> {
    match (name, name.as_bytes()) {
        ("DEL", _) => Some(127),
        (_, [one]) => Some(*one),
        (_, [b'c', b't', b'r', b'l', b'-', c @ (b'@' | b'a'..=b'z' | b'['..=b'_')]) => {
            Some(c.to_ascii_uppercase() & 0x1f)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys_are_those_of_moby() {
        let keys = |names| detach_keys(names);
        assert_eq!(keys("ctrl-p,ctrl-q"), Some(vec![16, 17]));
        assert_eq!(keys("a,DEL,ctrl-@,ctrl-[,ctrl-_"), Some(vec![b'a', 127, 0, 27, 31]));
        for wrong in ["", "nope", "ctrl-", "ctrl-P", "ctrl-1", "a,", "ctrl-p ctrl-q", "é"] {
            assert_eq!(keys(wrong), None, "{wrong}");
        }
    }
}
