//! Made-up Dockerfiles, the same on every run: random pieces, and files that a person could have written.

use crate::properties::PIECES;

/// xorshift
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Pieces in any order: mostly wrong files.
    pub(crate) fn pieces(&mut self) -> String {
        let length = 1 + self.below(30);
        (0..length).map(|_| self.pick(PIECES)).collect()
    }

    /// A file by the grammar: mostly right, with every form of every instruction.
    pub(crate) fn file(&mut self) -> String {
        let mut file = File { escape: '\\', out: String::new() };
        if self.chance(15) {
            file.out.push_str("# syntax=docker/dockerfile:1\n");
        }
        if self.chance(20) {
            file.escape = '`';
            file.out.push_str("# escape=`\n");
        }
        if self.chance(20) {
            file.add(self, "ARG VERSION=3.22");
        }
        for stage in 0..1 + self.below(3) {
            let name = format!("{}{stage}", self.pick(&["base", "Build", "final.x", "a-b_c"]));
            let from = self.pick(&["FROM", "from", "From"]);
            let image = self.pick(&["alpine", "a:1", "$IMAGE", "x/y@sha256:00", "alpine:${VERSION:-3}", "scratch"]);
            let platform = self.pick(&["", "", "--platform=linux/amd64 ", "--platform=$BUILDPLATFORM "]);
            let tail = if self.chance(60) { format!(" {} {name}", self.pick(&["AS", "as"])) } else { String::new() };
            file.add(self, &format!("{from} {platform}{image}{tail}"));
            for _ in 0..self.below(9) {
                let line = self.instruction(0);
                file.add(self, &line);
            }
        }
        file.out
    }

    fn instruction(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 19 } else { 18 }) {
            0 | 1 => self.run(),
            2 | 3 => self.copy("COPY"),
            4 => self.copy("ADD"),
            5 => format!("ENV {}", self.pairs()),
            6 => format!("LABEL {}", self.pairs()),
            7 => format!("ENV {} {}", self.word(), self.phrase()),
            8 => format!("ARG {}", self.pick(&["A", "A=1", "A=\"b c\"", "A B=2 C", "A=", "A='x\\'"])),
            9 => format!("CMD {}", self.command()),
            10 => format!("ENTRYPOINT {}", self.command()),
            11 => format!("WORKDIR {}", self.phrase()),
            12 => format!("USER {}", self.word()),
            13 => format!("EXPOSE {}", self.pick(&["80", "80/tcp 53/udp", "8000-8010", "  1\t2  ", "127.0.0.1:1:2"])),
            14 => format!("VOLUME {}", self.pick(&["/data", "/a /b", "[\"/a b\"]", "[]", "[\"/a\", \"/b\"]"])),
            15 => {
                let flags = self.flags(&["--interval=5s", "--timeout=1m", "--retries=3", "--start-period=0s"]);
                match self.below(4) {
                    0 => "HEALTHCHECK NONE".to_owned(),
                    _ => format!("HEALTHCHECK {flags}CMD {}", self.command()),
                }
            }
            16 => format!("STOPSIGNAL {}", self.pick(&["SIGQUIT", "9", "$SIG"])),
            17 => format!("SHELL {}", self.pick(&["[\"/bin/bash\", \"-c\"]", "[\"sh\"]"])),
            _ => format!("{} {}", self.pick(&["ONBUILD", "onbuild"]), self.instruction(1)),
        }
    }

    fn word(&mut self) -> &'static str {
        self.pick(&[
            "a", "/app", "b.txt", "$X", "${X:-y}", "\"q w\"", "'s t'", "x\\ y", "*.py", "a=b", "--x", "\"$A\"", "#n",
            "\\\"",
        ])
    }

    fn phrase(&mut self) -> String {
        let count = 1 + self.below(4);
        let words: Vec<&str> = (0..count).map(|_| self.word()).collect();
        words.join(self.pick(&[" ", " ", "  ", "\t"]))
    }

    fn pairs(&mut self) -> String {
        let count = 1 + self.below(4);
        let mut pair = |at: usize| {
            let value =
                self.pick(&["1", "\"two words\"", "'a b'", "", "a\\ b", "$PATH:/x", "\"a\\\"b\"", "x=y", "${A:+b}"]);
            format!("{}{at}={value}", self.pick(&["A", "b.c", "\"k k\"", "x-y"]))
        };
        (0..count).map(&mut pair).collect::<Vec<_>>().join(" ")
    }

    fn command(&mut self) -> String {
        if self.chance(50) {
            return self
                .pick(&["[\"sh\", \"-c\", \"echo hi\"]", "[]", "[\"a\\tb\", \"\\u00e9\"]", "[ \"x\" ]"])
                .to_owned();
        }
        self.pick(&[
            "['no', 'json']",
            "[\"open",
            "echo $HOME && ls",
            "a | b > c",
            "nginx -g 'daemon off;'",
            "\"quoted\"",
        ])
        .to_owned()
    }

    fn flags(&mut self, from: &[&str]) -> String {
        let count = self.below(3);
        (0..count).map(|_| format!("{} ", self.pick(from))).collect()
    }

    fn run(&mut self) -> String {
        let flags = self.flags(&[
            "--mount=type=cache,target=/root/.cache",
            "--network=none",
            "--security=insecure",
            "--x=\"a b\"",
        ]);
        match self.below(6) {
            0 => format!("RUN {flags}<<EOF\necho one\n  echo $TWO\nEOF"),
            1 => format!("RUN {flags}<<-'E' cat > /x\n\t\ttabs\n\tE"),
            2 => format!("RUN {flags}<<A cat - 3<<\"B\" && echo ok\nfirst\nA\nsecond # no comment\nB"),
            3 => format!("RUN {flags}[\"sh\", \"-c\", \"true\"]"),
            _ => format!("RUN {flags}{}", self.command()),
        }
    }

    fn copy(&mut self, keyword: &str) -> String {
        let flags = self.flags(&[
            "--chown=1000:1000",
            "--chmod=755",
            "--link",
            "--from=base0",
            "--exclude=*.o",
            "--link=false",
        ]);
        match self.below(5) {
            0 => format!("{keyword} {flags}<<one <<'two' /dst/\n$A\none\n# content\ntwo"),
            1 => format!("{keyword} {flags}[\"a b\", \"/c d/\"]"),
            _ => format!("{keyword} {flags}{} /dst/", self.phrase()),
        }
    }
}

struct File {
    escape: char,
    out: String,
}

impl File {
    /// Adds an instruction, with or without comments, empty lines and continuations around and in it.
    fn add(&mut self, random: &mut Random, line: &str) {
        if random.chance(15) {
            self.out.push_str(random.pick(&["\n", "# a comment\n", "  # more\n", "\n\n", "#\n"]));
        }
        self.out.push_str(random.pick(&["", "", "", "  ", "\t"]));
        // What follows the first line is a heredoc's content: it stays as it is.
        let (head, content) = line.split_once('\n').map_or((line, None), |(head, content)| (head, Some(content)));
        for (at, word) in head.split(' ').enumerate() {
            if at > 0 {
                self.out.push(' ');
                if random.chance(8) {
                    self.out.push(self.escape);
                    self.out.push_str(random.pick(&["\n", "\n", "  \n", "\n# why\n", "\n\n", "\r\n", "\n    "]));
                }
            }
            self.out.push_str(word);
        }
        if let Some(content) = content {
            self.out.push('\n');
            self.out.push_str(content);
        }
        self.out.push_str(random.pick(&["\n", "\n", "\n", "  \n", "\r\n"]));
    }
}
