//! Random names: adjective and surname, as moby's `namesgenerator` makes them.

const ADJECTIVES: [&str; 60] = [
    "admiring",
    "agitated",
    "amazing",
    "awesome",
    "blissful",
    "bold",
    "brave",
    "busy",
    "charming",
    "clever",
    "compassionate",
    "competent",
    "confident",
    "cool",
    "cranky",
    "crazy",
    "dazzling",
    "determined",
    "dreamy",
    "eager",
    "ecstatic",
    "elastic",
    "elated",
    "elegant",
    "epic",
    "festive",
    "flamboyant",
    "focused",
    "friendly",
    "frosty",
    "gallant",
    "gifted",
    "goofy",
    "gracious",
    "happy",
    "hardcore",
    "heuristic",
    "hopeful",
    "hungry",
    "inspiring",
    "jolly",
    "keen",
    "kind",
    "laughing",
    "loving",
    "lucid",
    "magical",
    "modest",
    "mystifying",
    "nervous",
    "nifty",
    "nostalgic",
    "optimistic",
    "peaceful",
    "pensive",
    "quirky",
    "serene",
    "sharp",
    "silly",
    "zen",
];

const SURNAMES: [&str; 60] = [
    "agnesi",
    "allen",
    "archimedes",
    "babbage",
    "bardeen",
    "bassi",
    "bell",
    "blackwell",
    "bohr",
    "boyd",
    "brahmagupta",
    "carson",
    "cerf",
    "curie",
    "darwin",
    "dijkstra",
    "edison",
    "einstein",
    "elion",
    "engelbart",
    "euclid",
    "euler",
    "faraday",
    "fermat",
    "fermi",
    "feynman",
    "franklin",
    "galileo",
    "gauss",
    "goldberg",
    "goodall",
    "hamilton",
    "hawking",
    "heisenberg",
    "hopper",
    "hypatia",
    "jackson",
    "jennings",
    "johnson",
    "kepler",
    "knuth",
    "kowalevski",
    "lamarr",
    "leakey",
    "liskov",
    "lovelace",
    "margulis",
    "mclean",
    "meitner",
    "mendel",
    "moore",
    "newton",
    "noether",
    "pasteur",
    "payne",
    "ptolemy",
    "ride",
    "ritchie",
    "tesla",
    "turing",
];

/// A name from random bytes; `attempt` from 1 on adds a digit.
pub fn generate(random: &[u8], attempt: u32) -> String {
    let number = |i: usize| {
        usize::from(random.get(i).copied().unwrap_or(0)) * 256 + usize::from(random.get(i + 1).copied().unwrap_or(0))
    };
    let pick = |list: &[&'static str], n: usize| list.get(n % list.len()).copied().unwrap_or("x");
    let name = format!("{}_{}", pick(&ADJECTIVES, number(0)), pick(&SURNAMES, number(2)));
    if attempt == 0 { name } else { format!("{name}{}", number(4) % 10) }
}

/// Whether a name may be given: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.
pub fn is_valid(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    first && name.len() > 1 && chars.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_dockers_form() {
        assert_eq!(generate(&[0, 0, 0, 0], 0), "admiring_agnesi");
        assert_eq!(generate(&[0, 1, 0, 59, 0, 7], 1), "agitated_turing7");
        for (name, valid) in
            [("web", true), ("a.b-c_1", true), ("a", false), ("a/b", false), ("_a", false), ("", false)]
        {
            assert_eq!(is_valid(name), valid, "{name}");
        }
    }
}
