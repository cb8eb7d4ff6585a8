//! The tables are those of `distribution/reference`'s own tests (Apache-2.0), rewritten.

use super::*;

const F64: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
const ID: &str = "dbcc1c35ac38df41fd2f5e4130b32ffdb93ebae8b3dbe638c23575912276fc9c";

#[test]
fn parses_the_grammar() {
    // input, domain, path, tag
    let cases = [
        ("test_com", "", "test_com", None),
        ("test.com:tag", "", "test.com", Some("tag")),
        ("test.com:5000", "", "test.com", Some("5000")),
        ("test.com/repo:tag", "test.com", "repo", Some("tag")),
        ("test:5000/repo", "test:5000", "repo", None),
        ("test:5000/repo:tag", "test:5000", "repo", Some("tag")),
        ("lowercase:Uppercase", "", "lowercase", Some("Uppercase")),
        ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com", "bar/baz/quux", None),
        ("sub-dom1.foo.com/bar/baz/quux:some-long-tag", "sub-dom1.foo.com", "bar/baz/quux", Some("some-long-tag")),
        (
            "b.gcr.io/test.example.com/my-app:test.example.com",
            "b.gcr.io",
            "test.example.com/my-app",
            Some("test.example.com"),
        ),
        ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com", "myimage", Some("xn--n3h.com")),
        ("foo_bar.com:8080", "", "foo_bar.com", Some("8080")),
        ("foo/foo_bar.com:8080", "foo", "foo_bar.com", Some("8080")),
        ("192.168.1.1", "", "192.168.1.1", None),
        ("192.168.1.1:5000", "", "192.168.1.1", Some("5000")),
        ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000", "repo", Some("5050")),
        ("[2001:db8::1]/repo", "[2001:db8::1]", "repo", None),
        ("[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]", "repo", Some("tag")),
        ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000", "repo", Some("tag")),
        ("[::1]:5000/repo", "[::1]:5000", "repo", None),
        ("test_com/foo", "", "test_com/foo", None),
    ];
    for (input, domain, path, tag) in cases {
        let plain = Reference::parse(input).expect(input);
        assert_eq!((plain.domain(), plain.path(), plain.tag()), (domain, path, tag), "{input}");
        assert_eq!(plain.to_string(), input);
        let text = format!("{input}@sha256:{F64}");
        let digested = Reference::parse(&text).expect(input);
        assert_eq!((digested.domain(), digested.path(), digested.tag()), (domain, path, tag), "{text}");
        assert_eq!(digested.to_string(), text);
        assert_eq!(digested.digest().map(Digest::hex).as_deref(), Some(F64));
    }
}

#[test]
fn refuses_what_the_grammar_refuses() {
    use ReferenceError::{Digest, Empty, InvalidFormat, TooLong, Uppercase};
    let digest_only = format!("@sha256:{F64}");
    let unsupported = format!("validname@invaliddigest:{F64}");
    let long = "a/".repeat(129) + "a:tag";
    let cases = [
        ("", Empty),
        (":justtag", InvalidFormat),
        (&digest_only, InvalidFormat),
        ("repo@sha256:ffffffffffffffffffffffffffffffffff", Digest(DigestError::InvalidLength)),
        (&unsupported, Digest(DigestError::Unsupported)),
        ("Uppercase:tag", Uppercase),
        ("test:5000/Uppercase/lowercase:tag", Uppercase),
        (&long, TooLong),
        ("aa/asdf$$^/aa", InvalidFormat),
        ("[2001:db8::1]", InvalidFormat),
        ("[2001:db8::1]:5000", InvalidFormat),
        ("[fe80::1%eth0]:5000/repo", InvalidFormat),
        ("[fe80::1%@invalidzone]:5000/repo", InvalidFormat),
        ("nginx:bad:tag", InvalidFormat),
        ("alpine:", InvalidFormat),
    ];
    for (input, error) in cases {
        assert_eq!(Reference::parse(input), Err(error), "{input}");
    }
    // The limit is on the path, not on the whole name.
    assert!(Reference::parse(&("a/".repeat(128) + "a:tag-puts-this-over-max")).is_ok());
}

#[test]
fn normalizes_names_that_people_type() {
    let valid = [
        "docker/docker",
        "library/debian",
        "debian",
        "docker.io/docker/docker",
        "docker.io/debian",
        "index.docker.io/docker/docker",
        "index.docker.io/debian",
        "127.0.0.1:5000/docker/docker",
        "127.0.0.1:5000/debian",
        "192.168.0.1",
        "192.168.0.1:80",
        "192.168.0.1:8/debian",
        "thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev",
        "[fc00::1]:5000/docker",
        "[fc00:1:2:3:4:5:6:7]:5000/library/debian",
        "Docker/docker",
        "DOCKER/docker",
        "docker.io/1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a",
        "docker-rules/docker",
        "docker---rules/docker",
        "d/docker",
        "jess/t",
        "dock__er/docker",
    ];
    for name in valid {
        assert!(Reference::parse_normalized(name).is_ok(), "{name}");
    }
    let long = "this_is_not_a_valid_namespace_because_its_lenth_is_greater_than_255_".repeat(4) + "/docker";
    let invalid = [
        "https://github.com/docker/docker",
        "docker/Docker",
        "-docker",
        "-docker/docker",
        "-docker.io/docker/docker",
        "docker///docker",
        "docker.io/docker/Docker",
        "docker.io/docker///docker",
        "[fc00::1]",
        "[fc00::1]:5000",
        "fc00::1:5000/debian",
        "[fe80::1%eth0]:5000/debian",
        "[2001:db8:3:4::192.0.2.33]:5000/debian",
        "docker-/docker",
        "-docker-/docker",
        "____/____",
        "_docker/_docker",
        "dock..er/docker",
        "dock_.er/docker",
        "dock-.er/docker",
        "docker/",
        "dock___er/docker",
        "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a",
        &long,
    ];
    for name in invalid {
        assert!(Reference::parse_normalized(name).is_err(), "{name}");
    }
}

#[test]
fn full_and_familiar_forms() {
    // typed, familiar name, full name, path
    let cases = [
        ("fooo/bar", "fooo/bar", "docker.io/fooo/bar", "fooo/bar"),
        ("index.docker.io/fooo/bar", "fooo/bar", "docker.io/fooo/bar", "fooo/bar"),
        ("ubuntu", "ubuntu", "docker.io/library/ubuntu", "library/ubuntu"),
        ("library/ubuntu", "ubuntu", "docker.io/library/ubuntu", "library/ubuntu"),
        ("docker.io/foo", "foo", "docker.io/library/foo", "library/foo"),
        ("other/library", "other/library", "docker.io/other/library", "other/library"),
        (
            "127.0.0.1:8000/private/moonbase",
            "127.0.0.1:8000/private/moonbase",
            "127.0.0.1:8000/private/moonbase",
            "private/moonbase",
        ),
        ("example.com/privatebase", "example.com/privatebase", "example.com/privatebase", "privatebase"),
        ("library/foo/bar", "library/foo/bar", "docker.io/library/foo/bar", "library/foo/bar"),
        ("Foo/bar", "Foo/bar", "Foo/bar", "bar"),
        ("localhost/app", "localhost/app", "localhost/app", "app"),
        ("test_com/foo", "test_com/foo", "docker.io/test_com/foo", "test_com/foo"),
    ];
    for (typed, familiar, full, path) in cases {
        let named = Reference::parse_normalized(typed).expect(typed);
        assert_eq!((named.familiar_name().as_str(), named.name().as_str(), named.path()), (familiar, full, path));
        assert_eq!(Reference::parse_normalized(full).as_ref(), Ok(&named));
    }
}

#[test]
fn docker_ref_prefers_the_digest() {
    let digest = format!("sha256:{ID}");
    let cases = [
        ("busybox".to_owned(), "docker.io/library/busybox:latest".to_owned()),
        ("docker.io/busybox:1".to_owned(), "docker.io/library/busybox:1".to_owned()),
        (format!("busybox@{digest}"), format!("docker.io/library/busybox@{digest}")),
        (format!("gcr.io/library/busybox:latest@{digest}"), format!("gcr.io/library/busybox@{digest}")),
    ];
    for (typed, full) in cases {
        assert_eq!(Reference::parse_docker_ref(&typed).unwrap().to_string(), full);
    }
    let both = Reference::parse_normalized(&format!("busybox:latest@{digest}")).unwrap();
    assert_eq!(both.familiar(), format!("busybox:latest@{digest}"));
}

#[test]
fn any_reference_knows_ids() {
    let digest: Digest = format!("sha256:{ID}").parse().unwrap();
    assert_eq!(parse_any(ID), Ok(AnyReference::Digest(digest)));
    assert_eq!(parse_any(&format!("sha256:{ID}")), Ok(AnyReference::Digest(digest)));
    let Ok(AnyReference::Named(short)) = parse_any(&ID[..63]) else { panic!("63 digits are a name") };
    assert_eq!(short.to_string(), format!("docker.io/library/{}", &ID[..63]));
}

#[test]
fn errors_have_dockers_words() {
    let say = |result: Result<Reference, ReferenceError>| result.unwrap_err().to_string();
    assert_eq!(
        say(Reference::parse_normalized("Nginx")),
        "invalid reference format: repository name (library/Nginx) must be lowercase"
    );
    assert_eq!(say(Reference::parse_normalized("nginx:bad:tag")), "invalid reference format");
    assert_eq!(say(Reference::parse("App")), "repository name must be lowercase");
    assert_eq!(
        say(Reference::parse_normalized(ID)),
        format!("invalid repository name ({ID}), cannot specify 64-byte hexadecimal strings")
    );
    assert_eq!(say(Reference::parse("a").unwrap().with_tag("-foo")), "invalid tag format");
}

#[test]
fn familiar_match_follows_path_match() {
    let cases = [
        ("foo", "foo/**/ba[rz]", false),
        ("foo/any/bat", "foo/**/ba[rz]", false),
        ("foo/a/bar", "foo/**/ba[rz]", true),
        ("foo/b/baz", "foo/**/ba[rz]", true),
        ("foo/c/baz:tag", "foo/**/ba[rz]", true),
        ("foo/c/baz:tag", "foo/*/baz:tag", true),
        ("foo/c/baz:tag", "foo/c/baz:tag", true),
        ("example.com/foo/c/baz:tag", "*/foo/c/baz", true),
        ("example.com/foo/c/baz:tag", "example.com/foo/c/baz", true),
        ("nginx:1.27", "nginx:1.*", true),
        ("nginx:1.27", "ngin?", true),
        ("nginx:1.27", "n*x*2*7", true),
        ("nginx:1.27", "[^m]ginx", true),
        ("a/b", "a*b", false),
        ("a/b", "a?b", false),
    ];
    for (reference, pattern, expected) in cases {
        let named = Reference::parse_normalized(reference).expect(reference);
        assert_eq!(named.familiar_match(pattern), Ok(expected), "{reference} {pattern}");
    }
    let named = Reference::parse_normalized("foo").unwrap();
    for bad in ["[-x]", "[", "[a", "a\\", "[]"] {
        assert_eq!(named.familiar_match(bad), Err(PatternError), "{bad}");
    }
}
