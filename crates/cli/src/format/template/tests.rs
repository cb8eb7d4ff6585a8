//! Expected texts are Go's: from docker's recorded output, or from running `text/template`.

use super::*;

fn data() -> Value {
    Value::from_json(
        br#"{"Name":"/web","Id":"abc","State":{"Status":"running","Pid":42},"Args":["-c","sleep 1"],
        "Config":{"Labels":{"a.b":"1","z":"2"},"Env":["PATH=/bin"]},
        "NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"},"app":{"IPAddress":"172.18.0.3"}},
        "Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"443/tcp":null}},"Mounts":[]}"#,
    )
    .unwrap()
}

fn run(t: &str) -> Result<String, String> {
    crate::format::typed::inspect(&Template::parse(t)?, "container.InspectResponse", &data()).map_err(|(e, _)| e)
}

#[test]
fn what_people_ask_of_inspect() {
    let cases = [
        ("{{.State.Status}}", "running"),
        ("{{ .Name }}:{{ .State.Pid }}", "/web:42"),
        ("{{.ID}}", "abc"),
        ("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", "172.18.0.3 172.17.0.2 "),
        (
            "{{range $k, $v := .NetworkSettings.Networks}}{{$k}}={{$v.IPAddress}};{{end}}",
            "app=172.18.0.3;bridge=172.17.0.2;",
        ),
        (r#"{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}"#, "8080"),
        (
            r#"{{range $p, $c := .NetworkSettings.Ports}}{{$p}} -> {{if $c}}{{(index $c 0).HostPort}}{{else}}none{{end}} {{end}}"#,
            "443/tcp -> none 80/tcp -> 8080 ",
        ),
        ("{{json .Config.Labels}}", r#"{"a.b":"1","z":"2"}"#),
        (r#"{{index .Config.Labels "a.b"}}"#, "1"),
        (r#"{{.Config.Labels.nope}}"#, "<no value>"),
        (r#"{{join .Args ", "}}"#, "-c, sleep 1"),
        ("{{len .Args}}{{len .Mounts}}", "20"),
        ("{{upper .Name | printf \"%-6s|\"}}", "/WEB  |"),
        ("{{printf \"%q %d %05d %v\" .Name .State.Pid 7 .Args}}", "\"/web\" 42 00007 [-c sleep 1]"),
        ("{{.Config.Labels}}", "map[a.b:1 z:2]"),
        ("{{with .State}}{{.Pid}}{{end}}{{with .Mounts}}x{{else}}none{{end}}", "42none"),
        ("{{if and .Name (gt .State.Pid 10)}}yes{{else if .Id}}no{{end}}", "yes"),
        ("{{if not (eq .State.Status \"exited\" \"dead\")}}alive{{end}}", "alive"),
        ("{{$x := 1}}{{$x = 2}}{{$x}}{{$.Name}}", "2/web"),
        ("a {{- 1 -}} b{{/* c */}}", "a1b"),
        ("{{range $i, $a := .Args}}{{if $i}},{{end}}{{$a}}{{end}}", "-c,sleep 1"),
        ("{{range .Args}}{{if eq . \"-c\"}}{{continue}}{{end}}{{.}}{{break}}{{end}}", "sleep 1"),
        ("{{range .Mounts}}x{{else}}no mounts{{end}}", "no mounts"),
        ("{{(split \"a/b/c\" \"/\")}}{{title \"hello wOrld\"}}", "[a b c]Hello WOrld"),
        ("{{if .State.Health}}{{.State.Health.Status}}{{else}}no check{{end}}", "no check"),
        ("{{slice .Name 1}} {{slice .Name 0 2}}", "web /w"),
        ("{{println .Id 1}}", "abc 1\n"),
        ("{{pad \"x\" 1 2}}|{{truncate \"abcdef\" 3}}", " x  |abc"),
    ];
    for (t, want) in cases {
        assert_eq!(run(t).as_deref(), Ok(want), "{t}");
    }
}

#[test]
fn a_bind_mount_has_no_name_and_no_driver_and_that_is_no_error() {
    let json = br#"{"Mounts":[{"Type":"bind","Source":"/site","Destination":"/a"},
        {"Type":"volume","Name":"notes","Source":"/v","Destination":"/b","Driver":"local"}]}"#;
    let data = Value::from_json(json).unwrap();
    let run = |t: &str| {
        crate::format::typed::inspect(&Template::parse(t).unwrap(), "container.InspectResponse", &data)
            .map_err(|(e, _)| e)
    };
    let each = "{{range .Mounts}}{{.Type}}:{{.Name}}:{{.Driver}}:{{.Destination}} {{end}}";
    assert_eq!(run(each).as_deref(), Ok("bind:::/a volume:notes:local:/b "));
    assert_eq!(
        run("{{range .Mounts}}{{if .Name}}{{.Name}}{{else}}{{.Source}}{{end}} {{end}}").as_deref(),
        Ok("/site notes ")
    );
    assert!(run("{{.Nope}}").is_err());
}

#[test]
fn errors_have_gos_words() {
    let cases = [
        ("{{.Name", "template: :1: unclosed action"),
        ("{{.Nope}}", "template: :1:2: executing \"\" at <.Nope>: map has no entry for key \"Nope\""),
        ("{{nope .Name}}", "template: :1: function \"nope\" not defined"),
        ("{{$x}}", "template: :1: undefined variable \"$x\""),
        ("{{if .Name}}", "template: :1: unexpected EOF"),
        ("{{end}}", "template: :1: unexpected {{end}}"),
        ("{{}}", "template: :1: missing value for command"),
        ("{{\"a}}", "template: :1: unterminated quoted string"),
        (
            "{{.Name.Foo}}",
            "template: :1:7: executing \"\" at <.Name.Foo>: can't evaluate field Foo in type interface {}",
        ),
        (
            "{{slice .Name 0 9}}",
            "template: :1:2: executing \"\" at <slice .Name 0 9>: error calling slice: index out of range: 9",
        ),
    ];
    for (t, want) in cases {
        assert_eq!(run(t), Err(want.to_owned()), "{t}");
    }
}

#[test]
fn deep_nesting_and_long_loops_end_with_an_error() {
    assert!(run(&format!("{}1{}", "{{if 1}}".repeat(5000), "{{end}}".repeat(5000))).is_err());
    assert!(run(&format!("{{{{{}1{}}}}}", "(".repeat(5000), ")".repeat(5000))).is_err());
    assert!(run("{{range 1000}}{{range 1000}}{{range 1000}}x{{end}}{{end}}{{end}}").is_err());
}

/// What docker 28.2.2 printed.
#[test]
fn lists_of_texts_and_complex_numbers() {
    let cases = [
        (r#"{{printf "%T" (split "a:b" ":")}}"#, "[]string"),
        (
            r#"{{printf "%q %d %#v" (split "a" ":") (split "a" ":") (split "a:b" ":")}}"#,
            r#"["a"] [%!d(string=a)] []string{"a", "b"}"#,
        ),
        (r#"{{printf "%T" (slice (split "a:b" ":") 1)}}"#, "[]string"),
        (r#"{{join (split "a:b" ":") "-"}}"#, "a-b"),
        ("{{1i}} {{1+2i}} {{-1-2i}} {{1.5i}} {{0x1.8p1+2i}}", "(0+1i) (1+2i) (-1-2i) (0+1.5i) (3+2i)"),
        (r#"{{printf "%T %.2f %8.1f %+v" 3+0i 1+2i 1i 1+2i}}"#, "complex128 (1.00+2.00i) (     0.0    +1.0i) (1+2i)"),
        (r#"{{printf "%d %x" 1+2i 1+2i}}"#, "%!d(complex128=(1+2i)) (0x1p+00+0x1p+01i)"),
        ("{{eq 1i 1i}} {{not 0i}} {{1e5+1e22i}} {{010i}} {{1_0i}}", "true true (100000+1e+22i) (0+10i) (0+10i)"),
        (r#"{{truncate "abc" 2+0i}} {{truncate "abc" 1.0}}"#, "ab a"),
        ("{{1e6}} {{123456789.0}} {{1e-5}} {{0x1p-2}}", "1e+06 1.23456789e+08 1e-05 0.25"),
        (r#"{{printf "%x %X %b" 1.5 1.5 1.5}}"#, "0x1.8p+00 0X1.8P+00 6755399441055744p-52"),
    ];
    for (t, want) in cases {
        assert_eq!(run(t).as_deref(), Ok(want), "{t}");
    }
    let errors = [
        ("{{1+2}}", "template: :1: bad number syntax: \"1+2\""),
        ("{{1+2ix}}", "template: :1: bad number syntax: \"1+2ix\""),
        ("{{1+i}}", "template: :1: syntax error scanning complex number"),
        ("{{0x1i}}", "template: :1: illegal number syntax: \"0x1i\""),
        ("{{1e400}}", "template: :1: illegal number syntax: \"1e400\""),
        (
            "{{json 1i}}",
            "template: :1:2: executing \"\" at <json 1i>: error calling json: json: unsupported type: complex128",
        ),
        ("{{upper 1i}}", "template: :1:8: executing \"\" at <1i>: expected string; found 1i"),
    ];
    for (t, want) in errors {
        assert_eq!(run(t), Err(want.to_owned()), "{t}");
    }
}
