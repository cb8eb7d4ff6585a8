//! The repositories that the simulated internet has from the start.

/// A repository.
pub(super) struct Sample {
    /// Owner and name.
    pub(super) name: &'static str,
    /// In the order in which they were made.
    pub(super) commits: &'static [Step],
}

/// A commit.
pub(super) struct Step {
    /// The branch that it is on.
    pub(super) branch: &'static str,
    /// The branch whose last commit it follows.
    pub(super) after: Option<&'static str>,
    /// A tag that names it.
    pub(super) tag: Option<&'static str>,
    /// Seconds since 1970.
    pub(super) time: i64,
    /// What it says.
    pub(super) message: &'static str,
    /// Files that it changes.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// All.
pub(super) const SAMPLES: &[Sample] = &[Sample {
    name: "teacher/hello",
    commits: &[
        Step {
            branch: "main",
            after: None,
            tag: Some("v1.0"),
            time: 1_788_249_600,
            message: "Say hello",
            files: &[
                (
                    "README.md",
                    "# hello\n\nA container that says hello.\n\n    docker build -t hello .\n    docker run --rm hello\n",
                ),
                ("Dockerfile", "FROM alpine:3\nWORKDIR /app\nCOPY hello.sh .\nCMD [\"./hello.sh\"]\n"),
                ("hello.sh", "#!/bin/sh\necho \"Hello from version 1.0\"\n"),
            ],
        },
        Step {
            branch: "main",
            after: Some("main"),
            tag: None,
            time: 1_789_459_200,
            message: "A page, too",
            files: &[
                ("hello.sh", "#!/bin/sh\necho \"Hello from main\"\n"),
                (".dockerignore", "README.md\n.git\n"),
                ("web/Dockerfile", "FROM nginx:alpine\nCOPY index.html /usr/share/nginx/html/\n"),
                ("web/index.html", "<!doctype html>\n<title>hello</title>\n<h1>Hello from a container</h1>\n"),
            ],
        },
        Step {
            branch: "python",
            after: Some("main"),
            tag: None,
            time: 1_789_545_600,
            message: "The same in Python",
            files: &[
                (
                    "Dockerfile",
                    "FROM python:3.13-slim\nWORKDIR /app\nCOPY hello.py .\nCMD [\"python\", \"hello.py\"]\n",
                ),
                ("hello.py", "print(\"Hello from Python\")\n"),
            ],
        },
    ],
}];
