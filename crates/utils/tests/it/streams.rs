//! Filters pass on what they have while more is to come.

use layerlab_kernel::{SimTime, SpawnSpec};

use crate::machine::boot_with;

/// What a filter has written before its input ends, and all that it writes.
fn before_the_end(argv: &[&str], first: &str, then: &str) -> (String, String) {
    let mut k = boot_with(&[]);
    let spec = SpawnSpec {
        argv: argv.iter().map(ToString::to_string).collect(),
        env: vec![("PATH".into(), "/usr/bin".into())],
        cwd: "/t".into(),
        ..SpawnSpec::default()
    };
    let o = k.spawn_outside(&spec).unwrap();
    let mut texts = Vec::new();
    let mut all = Vec::new();
    for (part, last) in [(first, false), (then, true)] {
        k.write_outside(&o, part.as_bytes());
        if last {
            k.close_outside(&o);
        }
        k.run_until(k.sys.now + SimTime::secs(1));
        all.extend(k.take_outside(&o).0);
        texts.push(String::from_utf8(all.clone()).unwrap());
    }
    (texts[0].clone(), texts[1].clone())
}

#[test]
fn filters_do_not_wait_for_the_end() {
    for (argv, early, late) in [
        (&["cut", "-c1-2"][..], "ab\n", "ab\nde\n"),
        (&["cut", "-d", "b", "-f2"], "c\n", "c\ndef\n"),
        (&["tr", "a-z", "A-Z"], "ABC\n", "ABC\nDEF\n"),
        (&["nl", "-w1"], "1\tabc\n", "1\tabc\n2\tdef\n"),
        (&["uniq"], "", "abc\ndef\n"),
        (&["sed", "s/b/x/"], "axc\n", "axc\ndef\n"),
        (&["grep", "--line-buffered", "."], "abc\n", "abc\ndef\n"),
        (&["awk", "{print NR}"], "1\n", "1\n2\n"),
        (&["cat", "-n"], "     1\tabc\n", "     1\tabc\n     2\tdef\n"),
        (&["rev"], "cba\n", "cba\nfed\n"),
        (&["fold", "-w2"], "ab\nc\n", "ab\nc\nde\nf\n"),
        (&["xargs", "-n1", "echo"], "abc\n", "abc\ndef\n"),
        (&["bc"], "0\n", "0\n0\n"),
        (&["tee", "copy"], "abc\n", "abc\ndef\n"),
        (&["tail", "-n", "+2"], "", "def\n"),
        (&["head", "-n", "-1"], "", "abc\n"),
    ] {
        let (first, all) = before_the_end(argv, "abc\n", "def\n");
        assert_eq!((first.as_str(), all.as_str()), (early, late), "{argv:?}");
    }
}
