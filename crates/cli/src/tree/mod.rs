//! Every command and flag that the client knows, from one table (`commands.txt`): parsing, help
//! and completion read nothing else.
//!
//! The table's lines, fields separated by tabs, `\n` and `\\` escaped:
//! `>PATH USAGE SHORT [LONG]` a command, `@PATH TARGET [SHORT]` another way to it, then for the
//! command above: `a` the help's "Aliases:" line, `s` other names of the last word, `nMIN MAX`
//! numbers of arguments (-1: any; a group that has them is a command, too), `m` marks, `-S NAME TYPE DEFAULT MARKS USAGE` a flag with its
//! short form. Flag marks: `h` hidden, `d` deprecated, `s` swarm only, `w` Windows only,
//! `x` experimental daemon, `X` experimental client, `g` goes to the sub-commands too, `v` checked as of a service.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("commands.txt");

/// A flag of a command.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The one-letter form.
    pub short: Option<char>,
    /// The long form, without dashes.
    pub name: &'static str,
    /// The type, as help shows it (`bool`, `string`, `list`, `bytes` …).
    pub kind: &'static str,
    /// The default as help shows it; empty where it shows none.
    pub default: &'static str,
    /// One letter for each mark, see the module's text.
    pub marks: &'static str,
    /// What help says.
    pub usage: Cow<'static, str>,
}

impl Flag {
    /// Whether help leaves it out whatever the daemon is.
    pub fn is_hidden(&self) -> bool {
        self.marks.contains('h')
    }
    /// Whether it takes no value (`NoOptDefVal`).
    pub fn is_bool(&self) -> bool {
        self.kind == "bool"
    }
    /// Whether it may be given more than once, each time adding.
    pub fn is_repeatable(&self) -> bool {
        matches!(
            self.kind,
            "list"
                | "strings"
                | "stringArray"
                | "map"
                | "filter"
                | "mount"
                | "network"
                | "ulimit"
                | "port"
                | "stringToString"
                | "ipSlice"
                | "ipNetSlice"
                | "gpu-request"
        )
    }
}

/// A command, or a group of commands.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// All its words, e.g. `docker container run`.
    pub path: &'static str,
    /// What follows the path in the usage line.
    pub usage: Cow<'static, str>,
    /// What a list of commands says.
    pub short: Cow<'static, str>,
    /// What its own help says.
    pub long: Cow<'static, str>,
    /// The help's "Aliases:" line.
    pub aliases: &'static str,
    /// Other names of the last word.
    pub names: Vec<&'static str>,
    /// Least number of arguments, and the greatest.
    pub arity: Option<(usize, Option<usize>)>,
    /// `hidden`, `swarm=…`, `experimental`, `experimental-cli`, `cobra` (wrong numbers of arguments are told in
    /// cobra's words, not docker's).
    pub marks: Vec<&'static str>,
    /// Flags, sorted by name.
    pub flags: Vec<Flag>,
}

impl Command {
    /// The last word.
    pub fn name(&self) -> &'static str {
        self.path.rsplit(' ').next().unwrap_or("")
    }
    /// A flag by its long name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|f| f.name == name)
    }
    /// Whether a mark is set.
    pub fn is(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }
    /// Whether only a swarm's manager (or member) can do it; `any` is always possible.
    pub fn needs_swarm(&self) -> bool {
        self.marks.iter().any(|m| m.strip_prefix("swarm=").is_some_and(|s| s != "any"))
    }
}

/// Another path to a command, e.g. `docker ps` for `docker container ls`.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The command's own path.
    pub target: &'static str,
    /// What a list of commands says, where it is not the command's.
    pub short: Option<&'static str>,
}

/// The whole command tree.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    commands: BTreeMap<&'static str, Command>,
    aliases: BTreeMap<&'static str, Alias>,
    children: BTreeMap<&'static str, Vec<&'static str>>,
}

/// The tree, read at first use.
pub fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| Tree::parse(TABLE))
}

fn unescape(s: &'static str) -> Cow<'static, str> {
    if s.contains('\\') { s.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\").into() } else { s.into() }
}

impl Tree {
    fn parse(text: &'static str) -> Self {
        let mut tree = Self::default();
        let mut current = "";
        for line in text.lines() {
            let Some(kind) = line.chars().next() else { continue };
            let fields: Vec<&'static str> = line.get(1..).unwrap_or("").split('\t').collect();
            let field = |i: usize| fields.get(i).copied().unwrap_or("");
            match kind {
                '>' => {
                    current = field(0);
                    tree.add_child(current);
                    let short = unescape(field(2));
                    let long = if fields.len() > 3 { unescape(field(3)) } else { short.clone() };
                    tree.commands.insert(
                        current,
                        Command { path: current, usage: unescape(field(1)), short, long, ..Command::default() },
                    );
                }
                '@' => {
                    tree.add_child(field(0));
                    tree.aliases.insert(field(0), Alias { target: field(1), short: fields.get(2).copied() });
                }
                _ => {
                    if let Some(c) = tree.commands.get_mut(current) {
                        c.add(kind, &fields);
                    }
                }
            }
        }
        tree
    }

    fn add_child(&mut self, path: &'static str) {
        if let Some((parent, _)) = path.rsplit_once(' ') {
            self.children.entry(parent).or_default().push(path);
        }
    }

    /// A command by its own path or another way to it.
    pub fn get(&self, path: &str) -> Option<&Command> {
        self.commands.get(self.aliases.get(path).map_or(path, |a| a.target))
    }

    /// The paths of the commands of a group, sorted by name.
    pub fn children(&self, path: &str) -> &[&'static str] {
        self.children.get(path).map_or(&[], Vec::as_slice)
    }

    /// What a list of commands says of this path.
    pub fn short(&self, path: &str) -> &str {
        let own = self.aliases.get(path).and_then(|a| a.short);
        own.unwrap_or_else(|| self.get(path).map_or("", |c| &c.short))
    }

    /// The path of the sub-command that this word names in a group.
    pub fn child(&self, parent: &str, word: &str) -> Option<&'static str> {
        let named = |p: &&&'static str| p.rsplit(' ').next() == Some(word);
        let by_alias =
            |p: &&&'static str| !self.aliases.contains_key(**p) && self.get(p).is_some_and(|c| c.names.contains(&word));
        let kids = self.children(parent);
        kids.iter().find(named).or_else(|| kids.iter().find(by_alias)).copied()
    }

    /// All commands' own paths.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.commands.keys().copied()
    }

    /// All other ways to commands, with the commands' own paths.
    pub fn aliases(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.aliases.iter().map(|(k, a)| (*k, a.target))
    }
}

impl Command {
    fn add(&mut self, kind: char, fields: &[&'static str]) {
        let field = |i: usize| fields.get(i).copied().unwrap_or("");
        let first = field(0);
        match kind {
            'a' => self.aliases = first,
            's' => self.names = first.split(' ').collect(),
            'm' => self.marks = first.split(' ').collect(),
            'n' => {
                let (min, max) = first.split_once(' ').unwrap_or((first, ""));
                self.arity = min.parse().ok().map(|n| (n, max.parse().ok()));
            }
            '-' => self.flags.push(Flag {
                short: first.chars().next(),
                name: field(1),
                kind: field(2),
                default: field(3),
                marks: field(4),
                usage: unescape(field(5)),
            }),
            _ => {}
        }
    }
}
