//! The syntax tree. Everything long is behind `Rc`, so that a shell forks cheaply.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A word: parts that are joined when expanded.
pub type Word = Rc<[Part]>;

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Unquoted text.
    Lit(Rc<str>),
    /// Quoted text.
    Quoted(Rc<str>),
    /// What stands between double quotes.
    Double(Word),
    /// `~` or `~user` at the start.
    Tilde(Rc<str>),
    /// `$name`, `${…}`.
    Param(Rc<Param>),
    /// `$(…)`.
    Command(Rc<List>),
    /// `` `…` ``, its text with the backslashes taken away.
    Backtick(Rc<str>),
    /// `$((…))`.
    Arith(Word),
    /// `<(…)` (true) or `>(…)`.
    Process(bool, Rc<List>),
    /// A `${…}` that isn't understood: an error when expanded.
    Bad(Rc<str>),
    /// An assignment as a declaration command's argument.
    Assign(Rc<Assign>),
}

/// A word of `name=( … )`, with the index of `[i]=` and whether it was `[i]+=`.
pub type ArrayItem = (Option<(Word, bool)>, Word);

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Variable name, digits, or one of `@*#?-$!_`.
    pub name: Rc<str>,
    /// `[…]`.
    pub index: Option<Index>,
    /// `${!name}`.
    pub indirect: bool,
    /// What is done with it.
    pub op: ParamOp,
}

/// An array index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// `[@]`.
    At,
    /// `[*]`.
    Star,
    /// An expression or a key.
    Key(Word),
}

/// What a parameter expansion does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ParamOp {
    /// `${x}`.
    Value,
    /// `${#x}`.
    Length,
    /// `${x:-w}`; without the colon only where unset.
    Default(bool, Word),
    /// `${x:=w}`.
    Assign(bool, Word),
    /// `${x:?w}`.
    Error(bool, Word),
    /// `${x:+w}`.
    Alternative(bool, Word),
    /// `${x#p}`, `${x##p}` (true).
    Prefix(bool, Word),
    /// `${x%p}`, `${x%%p}` (true).
    Suffix(bool, Word),
    /// `${x/p/r}`.
    Replace(ReplaceKind, Word, Word),
    /// `${x:off:len}`.
    Slice(Word, Option<Word>),
    /// `${x^p}`, `${x,p}`, `${x~p}`, and those for all characters (true).
    Case(char, bool, Word),
    /// `${x@Q}` and others.
    Transform(char),
    /// `${!prefix*}`, `${!prefix@}` (true).
    Names(bool),
    /// `${!name[@]}`.
    Keys(bool),
}

/// Which matches `${x/p/r}` replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplaceKind {
    /// The first.
    First,
    /// `//`: all.
    All,
    /// `/#`: at the start.
    Prefix,
    /// `/%`: at the end.
    Suffix,
}

/// Commands separated by `;`, `&` and newlines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct List {
    /// In order.
    pub items: Vec<Item>,
}

/// An and-or list with its separator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// What is run.
    pub and_or: Rc<AndOr>,
    /// Whether `&` followed.
    pub background: bool,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AndOr {
    /// The first.
    pub first: Rc<Pipeline>,
    /// The others; true for `&&`.
    pub rest: Vec<(bool, Rc<Pipeline>)>,
    /// Its source text, for `jobs`.
    pub text: Rc<str>,
}

/// Commands joined by `|`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pipeline {
    /// `!` before it.
    pub negated: bool,
    /// `time` before it.
    pub timed: bool,
    /// It was `time -p`.
    pub timed_posix: bool,
    /// One or more.
    pub commands: Vec<Rc<Command>>,
    /// Its source text, for `jobs`.
    pub text: Rc<str>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Command {
    /// Where it starts.
    pub line: u32,
    /// Its source text, where it is a simple one.
    pub text: Rc<str>,
    /// What it is.
    pub kind: CommandKind,
    /// Its redirections.
    pub redirs: Rc<[Redir]>,
}

/// Kinds of commands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// Assignments and words.
    Simple(Rc<[Assign]>, Rc<[Word]>),
    /// `{ …; }`.
    Group(Rc<List>),
    /// `( … )`.
    Subshell(Rc<List>),
    /// `if`: (condition, body) pairs and `else`.
    If(Rc<[(Rc<List>, Rc<List>)]>, Option<Rc<List>>),
    /// `while`, or `until` (true).
    While(bool, Rc<List>, Rc<List>),
    /// `for name [in words]`.
    For(Rc<str>, Option<Rc<[Word]>>, Rc<List>),
    /// `select name [in words]`.
    Select(Rc<str>, Option<Rc<[Word]>>, Rc<List>),
    /// `for ((a; b; c))`.
    ForArith(Rc<[Word; 3]>, Rc<List>),
    /// `case`.
    Case(Word, Rc<[CaseArm]>),
    /// A function's definition and its source text.
    Function(Rc<str>, Rc<Function>),
    /// `[[ … ]]`.
    Cond(Rc<Cond>),
    /// `(( … ))`.
    Arith(Word),
    /// `coproc name command`.
    Coproc(Rc<str>, Rc<Command>),
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// What it runs.
    pub body: Rc<Command>,
    /// The definition as written.
    pub text: Rc<str>,
}

/// An arm of a `case`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseArm {
    /// Alternatives.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: Rc<List>,
    /// How it ends.
    pub end: CaseEnd,
}

/// How a `case` arm ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseEnd {
    /// `;;`.
    Break,
    /// `;&`: the next body runs too.
    Fall,
    /// `;;&`: the next patterns are tried.
    Next,
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assign {
    /// Variable.
    pub name: Rc<str>,
    /// `[index]`.
    pub index: Option<Word>,
    /// `+=`.
    pub append: bool,
    /// What is assigned.
    pub value: AssignValue,
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AssignValue {
    /// One value.
    Scalar(Word),
    /// `( … )`: (index, value).
    Array(Vec<ArrayItem>),
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redir {
    /// The descriptor before the operator.
    pub fd: Option<i32>,
    /// `{name}` before the operator.
    pub var: Option<Rc<str>>,
    /// The operator.
    pub op: RedirOp,
    /// File, descriptor or here-string.
    pub target: Word,
}

/// Redirection operators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RedirOp {
    /// `<`
    In,
    /// `>`
    Out,
    /// `>|`
    Clobber,
    /// `>>`
    Append,
    /// `<>`
    InOut,
    /// `<&`
    DupIn,
    /// `>&`
    DupOut,
    /// `&>` (and `>&` before a file name)
    Both,
    /// `&>>`
    BothAppend,
    /// `<<`: the body is filled in when its lines have been read.
    Here(Rc<HereDoc>),
    /// `<<<`
    HereString,
}

/// A here-document.
#[derive(Clone, Debug, Default)]
pub struct HereDoc {
    /// Its text.
    pub body: OnceCell<Word>,
}

impl PartialEq for HereDoc {
    fn eq(&self, o: &Self) -> bool {
        self.body.get() == o.body.get()
    }
}
impl Eq for HereDoc {}
impl Hash for HereDoc {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.body.get().hash(h);
    }
}

/// The expression of `[[ … ]]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cond {
    /// A word: true if not empty.
    Word(Word),
    /// `-f word`.
    Unary(Rc<str>, Word),
    /// `a == b`, with the operator.
    Binary(Rc<str>, Word, Word),
    /// `!`
    Not(Rc<Cond>),
    /// `&&`
    And(Rc<Cond>, Rc<Cond>),
    /// `||`
    Or(Rc<Cond>, Rc<Cond>),
}
