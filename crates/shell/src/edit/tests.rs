use std::rc::Rc;

use super::{Action, Candidate, Editor};

fn editor(history: &[&str]) -> Editor {
    let mut e = Editor::new("$ ", 20, Rc::new(history.iter().map(ToString::to_string).collect()));
    e.start();
    e
}

fn typed(history: &[&str], keys: &str) -> (String, usize) {
    let mut e = editor(history);
    e.feed(keys.as_bytes());
    (e.text(), e.cursor())
}

#[track_caller]
fn check(keys: &str, text: &str, cursor: usize) {
    assert_eq!(typed(&["ls -l /etc", "echo two words"], keys), (text.to_owned(), cursor), "{keys:?}");
}

#[test]
fn keys_edit_as_readline_does() {
    check("abc", "abc", 3);
    check("abc\x1b[D\x1b[DX", "aXbc", 2);
    check("abc\x01X\x05Y", "XabcY", 5);
    check("abc\x02\x04", "ab", 2);
    check("one two\x17", "one ", 4);
    check("one two\x1bb\x0b", "one ", 4);
    check("one two\x15\x19\x19", "one twoone two", 14);
    check("one two\x17\x17\x19", "one two", 7);
    check("ab\x14", "ba", 2);
    check("one two\x01\x1bd", " two", 0);
    check("one two\x1b[1;5D!", "one !two", 5);
    check("äöü\x7f", "äö", 2);
    check("abc\x1b[H\x1b[3~", "bc", 0);
}

/// As GNU readline 8.2 does.
#[test]
fn kills_are_a_ring_and_counts_repeat() {
    check("one two\x17\x01\x0b\x19", "one ", 4);
    check("one\x15two\x15\x19\x1by", "one", 3);
    check("one\x15two\x15\x19\x1by\x1by", "two", 3);
    check("a b c d\x01\x1b2\x1bd", " c d", 0);
    check("abcdef\x1b3\x02X", "abcXdef", 4);
    check("x\x1b4\x7f", "", 0);
    check("\x1b3y", "yyy", 3);
    check("a\x16\x01b", "a\u{1}b", 3);
    check("one two\x1bt", "two one", 7);
    check("a   b\x02\x02\x1b\\", "ab", 1);
    check("ab\x18\x15", "", 0);
    check("cat \x1b0\x1b.", "cat echo", 8);
    check("cat \x1b1\x1b.", "cat two", 7);
}

#[test]
fn history_is_walked_and_what_was_typed_stays() {
    check("\x1b[A", "echo two words", 14);
    check("new\x10\x10\x0e\x0e", "new", 3);
    check("cat \x1b.", "cat words", 9);
    check("cat \x1b.\x1b.", "cat /etc", 8);
    check("\x12ls\x05", "ls -l /etc", 10);
    check("keep\x12zzz\x07", "keep", 4);
}

#[test]
fn pasted_lines_are_not_run() {
    check("\x1b[200~a\rb\x1b[201~c", "a\nbc", 4);
}

#[test]
fn enter_eof_and_interrupt_are_told_and_the_rest_waits() {
    let mut e = editor(&[]);
    let a = e.feed(b"ls\recho");
    assert_eq!(a.last(), Some(&Action::Accept("ls".into())));
    assert!(e.has_pending());
    assert_eq!(editor(&[]).feed(b"\x04").last(), Some(&Action::Eof));
    assert_eq!(editor(&[]).feed(b"abc\x03").last(), Some(&Action::Interrupt));
}

#[test]
fn a_character_may_come_in_pieces() {
    let mut e = editor(&[]);
    for b in "é€\x1b[D!".bytes() {
        e.feed(&[b]);
    }
    assert_eq!(e.text(), "é!€");
}

#[test]
fn typing_at_the_end_writes_only_what_is_typed() {
    let mut e = editor(&[]);
    assert_eq!(e.feed(b"a"), [Action::Write(b"a".to_vec())]);
    // The last column makes the terminal wrap at once, as readline does.
    assert_eq!(e.feed(b"23456789012345678"), [Action::Write(b"23456789012345678 \r".to_vec())]);
}

fn candidate(v: &str) -> Candidate {
    Candidate { value: v.into(), shown: v.into() }
}

#[test]
fn completion_fills_in_what_is_common_then_lists() {
    let mut e = editor(&[]);
    e.feed(b"cat no");
    let all = [candidate("notes.txt"), candidate("notes.md")];
    e.complete(4, &all, " ", false);
    assert_eq!(e.text(), "cat notes.");
    assert_eq!(e.complete(4, &all, " ", false), b"\x07");
    let listed = String::from_utf8(e.complete(4, &all, " ", true)).unwrap();
    assert!(listed.contains("notes.md   notes.txt\n") || listed.contains("notes.md\nnotes.txt\n"), "{listed:?}");
    e.complete(4, &[candidate("notes.txt")], " ", false);
    assert_eq!(e.text(), "cat notes.txt ");
}

/// As GNU readline 8.2 does.
#[test]
fn a_hundred_candidates_are_listed_only_if_wished() {
    let mut e = editor(&[]);
    e.feed(b"cat f");
    let all: Vec<Candidate> = (0..100).map(|i| candidate(&format!("f{i:02}"))).collect();
    let asked = String::from_utf8(e.complete(4, &all, " ", true)).unwrap();
    assert!(asked.ends_with("\nDisplay all 100 possibilities? (y or n)"), "{asked:?}");
    assert_eq!(e.feed(b"x"), [Action::Write(b"\x07".to_vec())]);
    assert_eq!(e.text(), "cat f");
    let Some(Action::Write(no)) = e.feed(b"n").pop() else { panic!("nothing is written") };
    assert_eq!(String::from_utf8(no).unwrap(), "\n$ cat f\u{1b}[J");
    e.complete(4, &all, " ", true);
    let Some(Action::Write(yes)) = e.feed(b"y").pop() else { panic!("nothing is written") };
    let yes = String::from_utf8(yes).unwrap();
    assert!(yes.starts_with("\nf00  f25  f50  f75\n") && yes.ends_with("\n$ cat f\u{1b}[J"), "{yes:?}");
    e.feed(b"5");
    assert_eq!(e.text(), "cat f5");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cols in 1_usize..100) {
        let mut e = Editor::new("\u{1}\u{1b}[1m\u{2}p\n$ ", cols, Rc::new(vec!["one".into(), "zwei €".into()]));
        e.start();
        for chunk in bytes.chunks(7) {
            e.feed(chunk);
            e.resize(cols);
        }
        assert!(e.cursor() <= e.text().chars().count());
    }
}
