//! What an editor shows, and where.

use layerlab_dockerfile::lint::{Options, findings};

/// The lines of the text with what is underlined in them, and the message.
fn shown(text: &str) -> Vec<(String, String)> {
    let found = findings(text, &Options::default());
    found.iter().map(|found| (text[found.place(text)].to_owned(), found.message.clone())).collect()
}

fn check(text: &str, places: &[&str]) {
    let shown = shown(text);
    assert_eq!(shown.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(), places, "{text:?} {shown:?}");
}

#[test]
fn the_word_that_is_wrong_is_underlined() {
    check("FROM alpine\nRUM echo RUM\n", &["RUM"]);
    check("FROM alpine\nCOPY \\\n  --form=x a b\n", &["--form"]);
    check("FROM alpine\nRUN --network=hots true\n", &["hots"]);
    check("FROM alpine AS 1st\n", &["1st"]);
    check("FROM alpine\nENV FOOD=1\nCOPY a${FOO}b /\n", &["FOO"]);
    check("FROM alpine as Base\n", &["Base", "as"]);
    check("FROM scratch AS scratch\n", &["AS scratch"]);
    check("FROM --platform=linux/amd64 alpine\n", &["linux/amd64"]);
    check("FROM alpine\nEXPOSE 80 443/TCP 1:2\n", &["443/TCP", "1:2"]);
    check("FROM alpine\nWORKDIR a$X\n", &["X", "a$X"]);
    check("FROM alpine\nENV A=1 TOKEN=2\n", &["TOKEN"]);
    check("FROM alpine\nCMD echo CMD\n", &["CMD"]);
    check("FROM alpine\nRun echo Run\n", &["Run"]);
    check("FROM alpine:${TAG}\n", &["alpine:${TAG}", "TAG"]);
}

#[test]
fn without_a_word_it_is_the_first_line() {
    check("FROM alpine\n  RUN <<EOF\necho hi\n", &["RUN <<EOF"]);
    check("FROM alpine\nENV A  \\\n\n  b\n", &["A", "b"]);
    check("# check=nonsense=1\nFROM alpine\n", &["# check=nonsense=1"]);
    check("", &[""]);
}

#[test]
fn errors_and_warnings_come_by_place_and_all_of_them() {
    let text = "FROM alpine as a\nRUM x\nCMD x\nCMD [1]\nCOPY a\nWORKDIR w\n";
    let messages: Vec<String> = shown(text).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages.len(), 6, "{messages:#?}");
    assert!(messages[1].contains("did you mean RUN?"));
}
