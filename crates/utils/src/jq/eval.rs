//! How a filter runs: it hands each of its results on, so that what nobody wants is never computed.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::ast::{Ast, Function, Part, Pattern};
use super::value::{Object, Value};

/// Filters within filters; the stack of a page is small.
const DEEP: usize = 600;
/// Steps of one input.
const STEPS: u64 = 20_000_000;

/// Why a filter ends early.
#[derive(Debug)]
pub(super) enum Stop {
    Error(Value),
    Break(u64),
    Halt(i32),
}

/// What a step answers.
pub(super) type Step = Result<(), Stop>;

/// An error with a text.
pub(super) fn fail<T>(text: impl AsRef<str>) -> Result<T, Stop> {
    Err(Stop::Error(Value::text(text.as_ref())))
}

/// A value, and where it lies if somebody asks for paths.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) value: Value,
    pub(super) path: Option<Rc<Vec<Value>>>,
}

impl Item {
    pub(super) fn of(value: Value) -> Self {
        Self { value, path: None }
    }
    fn step(&self, key: &Value, value: Value) -> Self {
        let path = self.path.as_ref().map(|p| {
            let mut p = p.to_vec();
            p.push(key.clone());
            Rc::new(p)
        });
        Self { value, path }
    }
}

/// Who takes results.
pub(super) type Out<'a> = &'a mut dyn FnMut(Item) -> Step;

/// Names that hold.
#[derive(Clone)]
pub(super) struct Env(Option<Rc<Node>>);

enum Node {
    Var(String, Value, Env),
    Function(Rc<Function>, Env),
    Closure(String, Rc<Ast>, Env, Env),
    Label(String, u64, Env),
}

impl Env {
    pub(super) fn new() -> Self {
        Self(None)
    }
    pub(super) fn with_var(&self, name: &str, value: Value) -> Self {
        Self(Some(Rc::new(Node::Var(name.to_owned(), value, self.clone()))))
    }
    pub(super) fn with_function(&self, f: &Rc<Function>) -> Self {
        Self(Some(Rc::new(Node::Function(f.clone(), self.clone()))))
    }
    fn next(&self) -> Option<&Self> {
        self.0.as_ref().map(|n| match n.as_ref() {
            Node::Var(_, _, e) | Node::Function(_, e) | Node::Closure(_, _, _, e) | Node::Label(_, _, e) => e,
        })
    }
}

/// What all filters share.
pub(super) struct Jq {
    depth: Cell<usize>,
    pub(super) steps: Cell<u64>,
    labels: Cell<u64>,
    pub(super) inputs: RefCell<VecDeque<Result<Value, String>>>,
    pub(super) environment: Value,
    pub(super) now: f64,
    pub(super) zone: crate::cli::zone::Zone,
    /// What `debug` and `stderr` said.
    pub(super) said: RefCell<String>,
}

impl Jq {
    pub(super) fn new(environment: Value, now: f64, zone: crate::cli::zone::Zone) -> Self {
        Self {
            depth: Cell::new(0),
            steps: Cell::new(0),
            labels: Cell::new(0),
            inputs: RefCell::default(),
            environment,
            now,
            zone,
            said: RefCell::default(),
        }
    }

    /// A label that nobody else has.
    pub(super) fn label(&self) -> u64 {
        self.labels.set(self.labels.get() + 1);
        self.labels.get()
    }

    /// Runs a filter.
    pub(super) fn eval(&self, ast: &Ast, env: &Env, item: Item, out: Out) -> Step {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEPS {
            return fail("too many steps");
        }
        if self.depth.get() >= DEEP {
            return fail("filters nested too deeply");
        }
        self.depth.set(self.depth.get() + 1);
        let r = self.dispatch(ast, env, item, out);
        self.depth.set(self.depth.get() - 1);
        r
    }

    /// All results of a filter.
    pub(super) fn all(&self, ast: &Ast, env: &Env, item: &Item) -> Result<Vec<Item>, Stop> {
        let mut all = Vec::new();
        self.eval(ast, env, item.clone(), &mut |i| {
            all.push(i);
            Ok(())
        })?;
        Ok(all)
    }

    /// All values of a filter that is no path.
    pub(super) fn values(&self, ast: &Ast, env: &Env, item: &Item) -> Result<Vec<Value>, Stop> {
        Ok(self.all(ast, env, &Item::of(item.value.clone()))?.into_iter().map(|i| i.value).collect())
    }

    fn dispatch(&self, ast: &Ast, env: &Env, item: Item, out: Out) -> Step {
        match ast {
            Ast::Identity => out(item),
            Ast::Const(v) => out(Item::of(v.clone())),
            Ast::Pipe(a, b) => self.eval(a, env, item, &mut |i| self.eval(b, env, i, out)),
            Ast::Comma(a, b) => {
                self.eval(a, env, item.clone(), out)?;
                self.eval(b, env, item, out)
            }
            Ast::Index(t, k) => self.index(t, k, env, item, out),
            Ast::Iterate(t) => self.eval(t, env, item, &mut |i| iterate(&i, out)),
            Ast::If(c, yes, no) => {
                for v in self.values(c, env, &item)? {
                    self.eval(if v.truth() { yes } else { no }, env, item.clone(), out)?;
                }
                Ok(())
            }
            Ast::Call(name, args) => self.call(name, args, env, item, out),
            Ast::Recurse => super::builtin::recurse(
                self,
                &Ast::Try(Rc::new(Ast::Iterate(Rc::new(Ast::Identity))), None),
                None,
                env,
                item,
                out,
            ),
            other => self.rare(other, env, item, out),
        }
    }

    #[inline(never)]
    fn index(&self, t: &Ast, k: &Ast, env: &Env, item: Item, out: Out) -> Step {
        if let Ast::Const(k) = k {
            return self.eval(t, env, item, &mut |i| {
                let v = get(&i.value, k)?;
                out(i.step(k, v))
            });
        }
        let keys = self.values(k, env, &item)?;
        self.eval(t, env, item, &mut |i| {
            for k in &keys {
                let v = get(&i.value, k)?;
                out(i.step(k, v))?;
            }
            Ok(())
        })
    }

    #[inline(never)]
    fn slice(&self, t: &Ast, from: Option<&Ast>, to: Option<&Ast>, env: &Env, item: Item, out: Out) -> Step {
        let side = |e: Option<&Ast>| match e {
            None => Ok(vec![Value::Null]),
            Some(e) => self.values(e, env, &item),
        };
        let (from, to) = (side(from)?, side(to)?);
        self.eval(t, env, item.clone(), &mut |i| {
            for b in &to {
                for a in &from {
                    let key = Value::object(vec![("start", a.clone()), ("end", b.clone())]);
                    let v = get(&i.value, &key)?;
                    out(i.step(&key, v))?;
                }
            }
            Ok(())
        })
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind of filter")]
    #[inline(never)]
    fn rare(&self, ast: &Ast, env: &Env, item: Item, out: Out) -> Step {
        match ast {
            Ast::Slice(t, a, b) => self.slice(t, a.as_deref(), b.as_deref(), env, item, out),
            Ast::Text(format, parts) => self.text(format.as_deref(), parts, env, &item, out),
            Ast::Format(f) => out(Item::of(Value::text(super::format::format(f, &item.value)?))),
            Ast::Array(None) => out(Item::of(Value::array(Vec::new()))),
            Ast::Array(Some(e)) => {
                let all = self.values(e, env, &item)?;
                out(Item::of(Value::array(all)))
            }
            Ast::Object(pairs) => self.object(pairs, Object::default(), env, &item, out),
            Ast::Negative(e) => {
                for v in self.values(e, env, &item)? {
                    match v {
                        Value::Number(n) => out(Item::of(Value::Number(-n)))?,
                        v => return fail(format!("{} ({}) cannot be negated", v.kind(), v.brief())),
                    }
                }
                Ok(())
            }
            Ast::Binary(op, a, b) => {
                let right = self.values(b, env, &item)?;
                let left = self.values(a, env, &item)?;
                for y in &right {
                    for x in &left {
                        out(Item::of(super::arith::binary(op, x, y)?))?;
                    }
                }
                Ok(())
            }
            Ast::And(a, b) | Ast::Or(a, b) => {
                let and = matches!(ast, Ast::And(..));
                for x in self.values(a, env, &item)? {
                    if x.truth() == and {
                        for y in self.values(b, env, &item)? {
                            out(Item::of(Value::Bool(y.truth())))?;
                        }
                    } else {
                        out(Item::of(Value::Bool(!and)))?;
                    }
                }
                Ok(())
            }
            Ast::Else(a, b) => {
                let mut any = false;
                let r = self.eval(a, env, item.clone(), &mut |i| {
                    if i.value.truth() {
                        any = true;
                        out(i)
                    } else {
                        Ok(())
                    }
                });
                match r {
                    Err(Stop::Error(_)) | Ok(()) if !any => self.eval(b, env, item, out),
                    Err(Stop::Error(_)) => Ok(()),
                    r => r,
                }
            }
            Ast::Assign(op, a, b) => super::paths::assign(self, op, a, b, env, &item, out),
            Ast::Try(body, catch) => {
                // An error of whoever takes the results is not ours.
                let mut outer = None;
                let r = self.eval(body, env, item, &mut |i| {
                    out(i).map_err(|e| {
                        outer = Some(e);
                        Stop::Break(0)
                    })
                });
                if let Some(e) = outer {
                    return Err(e);
                }
                match (r, catch) {
                    (Err(Stop::Error(Value::Text(t))), None) if &*t == "break" => Ok(()),
                    (Err(Stop::Error(_)), None) => Ok(()),
                    (Err(Stop::Error(e)), Some(c)) => self.eval(c, env, Item::of(e), out),
                    (r, _) => r,
                }
            }
            Ast::Reduce(source, pattern, init, update) => {
                for start in self.all(init, env, &item)? {
                    let mut state = Some(start);
                    let values = self.values(source, env, &item)?;
                    for v in values {
                        for inner in self.bind(pattern, &v, env)? {
                            let now = state.take().unwrap_or_else(|| Item::of(Value::Null));
                            state = self.all(update, &inner, &now)?.pop();
                        }
                    }
                    out(state.unwrap_or_else(|| Item::of(Value::Null)))?;
                }
                Ok(())
            }
            Ast::Foreach(source, pattern, init, update, extract) => {
                for start in self.all(init, env, &item)? {
                    let mut state = start;
                    let plain = Item::of(item.value.clone());
                    self.eval(source, env, plain, &mut |v| {
                        for inner in self.bind(pattern, &v.value, env)? {
                            let now = state.clone();
                            self.eval(update, &inner, now, &mut |i| {
                                state = i.clone();
                                match extract {
                                    Some(e) => self.eval(e, &inner, i, out),
                                    None => out(i),
                                }
                            })?;
                        }
                        Ok(())
                    })?;
                }
                Ok(())
            }
            Ast::Define(f, rest) => self.eval(rest, &env.with_function(f), item, out),
            Ast::Var(name) => match self.var(name, env) {
                Some(v) => out(Item::of(v)),
                None => fail(format!("${name} is not defined")),
            },
            Ast::As(source, patterns, body) => {
                let plain = Item::of(item.value.clone());
                self.eval(source, env, plain, &mut |v| self.alternatives(patterns, &v.value, body, env, &item, out))
            }
            Ast::Label(name, body) => {
                let id = self.label();
                let inner = Env(Some(Rc::new(Node::Label(name.clone(), id, env.clone()))));
                match self.eval(body, &inner, item, out) {
                    Err(Stop::Break(n)) if n == id => Ok(()),
                    r => r,
                }
            }
            Ast::Break(name) => {
                let mut at = Some(env);
                while let Some(e) = at {
                    if let Some(Node::Label(n, id, _)) = e.0.as_deref()
                        && n == name
                    {
                        return Err(Stop::Break(*id));
                    }
                    at = e.next();
                }
                fail(format!("$*label-{name} is not defined"))
            }
            _ => out(item),
        }
    }

    fn alternatives(&self, patterns: &[Pattern], v: &Value, body: &Ast, env: &Env, item: &Item, out: Out) -> Step {
        // With `?//` all variables of all patterns exist, and an error tries the next one.
        let mut base = env.clone();
        if patterns.len() > 1 {
            for name in patterns.iter().flat_map(names) {
                base = base.with_var(&name, Value::Null);
            }
        }
        for (i, p) in patterns.iter().enumerate() {
            let attempt = (|| {
                for inner in self.bind(p, v, &base)? {
                    self.eval(body, &inner, item.clone(), out)?;
                }
                Ok(())
            })();
            match attempt {
                Err(Stop::Error(_)) if i + 1 < patterns.len() => {}
                r => return r,
            }
        }
        Ok(())
    }

    fn var(&self, name: &str, env: &Env) -> Option<Value> {
        let mut at = Some(env);
        while let Some(e) = at {
            if let Some(Node::Var(n, v, _)) = e.0.as_deref()
                && n == name
            {
                return Some(v.clone());
            }
            at = e.next();
        }
        (name == "ENV").then(|| self.environment.clone())
    }

    /// The environments in which a pattern's variables are bound to a value's parts.
    pub(super) fn bind(&self, pattern: &Pattern, v: &Value, env: &Env) -> Result<Vec<Env>, Stop> {
        match pattern {
            Pattern::Var(n) => Ok(vec![env.with_var(n, v.clone())]),
            Pattern::Array(parts) => {
                if !matches!(v, Value::Array(_) | Value::Null) {
                    return fail(format!("Cannot index {} with number", v.kind()));
                }
                let mut envs = vec![env.clone()];
                for (i, p) in parts.iter().enumerate() {
                    let part = get(v, &Value::Number(i as f64))?;
                    let mut next = Vec::new();
                    for e in envs {
                        next.extend(self.bind(p, &part, &e)?);
                    }
                    envs = next;
                }
                Ok(envs)
            }
            Pattern::Object(parts) => {
                let mut envs = vec![env.clone()];
                for (var, key, p) in parts {
                    let mut next = Vec::new();
                    for e in envs {
                        for k in self.values(key, &e, &Item::of(v.clone()))? {
                            let part = get(v, &k)?;
                            let e = match var {
                                Some(n) => e.with_var(n, part.clone()),
                                None => e.clone(),
                            };
                            match p {
                                Some(p) => next.extend(self.bind(p, &part, &e)?),
                                None => next.push(e),
                            }
                        }
                    }
                    envs = next;
                }
                Ok(envs)
            }
        }
    }

    fn text(&self, format: Option<&str>, parts: &[Part], env: &Env, item: &Item, out: Out) -> Step {
        let mut texts = vec![String::new()];
        for p in parts {
            match p {
                Part::Plain(t) => texts.iter_mut().for_each(|x| x.push_str(t)),
                Part::Filter(f) => {
                    let mut next = Vec::new();
                    for v in self.values(f, env, item)? {
                        let shown = super::format::format(format.unwrap_or("@text"), &v)?;
                        next.extend(texts.iter().map(|t| format!("{t}{shown}")));
                    }
                    texts = next;
                }
            }
        }
        for t in texts {
            out(Item::of(Value::text(t)))?;
        }
        Ok(())
    }

    fn object(&self, pairs: &[(Rc<Ast>, Rc<Ast>)], done: Object, env: &Env, item: &Item, out: Out) -> Step {
        let mut all = vec![done];
        for (k, v) in pairs {
            let keys = self.values(k, env, item)?;
            let values = self.values(v, env, item)?;
            let mut next = Vec::new();
            for o in &all {
                for k in &keys {
                    let Value::Text(k) = k else {
                        return fail(format!("Object keys must be strings, not {} ({})", k.kind(), k.brief()));
                    };
                    for v in &values {
                        let mut o = o.clone();
                        o.set(k.clone(), v.clone());
                        next.push(o);
                    }
                }
            }
            all = next;
        }
        for o in all {
            out(Item::of(Value::Object(Rc::new(o))))?;
        }
        Ok(())
    }

    fn call(&self, name: &str, args: &[Rc<Ast>], env: &Env, item: Item, out: Out) -> Step {
        let mut at = Some(env);
        while let Some(e) = at {
            match e.0.as_deref() {
                Some(Node::Closure(n, body, own, _)) if args.is_empty() && n == name => {
                    return self.eval(body, own, item, out);
                }
                Some(Node::Function(f, _)) if f.name == name && f.parameters.len() == args.len() => {
                    return self.enter(f, args, env, 0, e.clone(), item, out);
                }
                _ => {}
            }
            at = e.next();
        }
        super::builtin::call(self, name, args, env, item, out)
    }

    /// Binds a call's arguments, those with `$` for each of their values.
    #[allow(clippy::too_many_arguments, reason = "what a call is")]
    fn enter(
        &self,
        f: &Function,
        args: &[Rc<Ast>],
        caller: &Env,
        from: usize,
        inner: Env,
        item: Item,
        out: Out,
    ) -> Step {
        let mut inner = inner;
        for i in from..args.len() {
            let (Some(p), Some(a)) = (f.parameters.get(i), args.get(i)) else { break };
            if let Some(var) = p.strip_prefix('$') {
                for v in self.values(a, caller, &item)? {
                    let constant = Rc::new(Ast::Const(v.clone()));
                    let e = inner.with_var(var, v);
                    let e = Env(Some(Rc::new(Node::Closure(var.to_owned(), constant, Env::new(), e))));
                    self.enter(f, args, caller, i + 1, e, item.clone(), out)?;
                }
                return Ok(());
            }
            inner = Env(Some(Rc::new(Node::Closure(p.clone(), a.clone(), caller.clone(), inner))));
        }
        self.eval(&f.body, &inner, item, out)
    }
}

/// The variables of a pattern.
pub(super) fn names(p: &Pattern) -> Vec<String> {
    match p {
        Pattern::Var(n) => vec![n.clone()],
        Pattern::Array(all) => all.iter().flat_map(names).collect(),
        Pattern::Object(all) => all
            .iter()
            .flat_map(|(v, _, p)| v.iter().cloned().chain(p.iter().flat_map(names)).collect::<Vec<_>>())
            .collect(),
    }
}

/// Each element with its place.
pub(super) fn iterate(i: &Item, out: Out) -> Step {
    match &i.value {
        Value::Array(a) => {
            for (n, v) in a.iter().enumerate() {
                out(i.step(&Value::Number(n as f64), v.clone()))?;
            }
            Ok(())
        }
        Value::Object(o) => {
            for (k, v) in o.ordered() {
                out(i.step(&Value::Text(k.clone()), v.clone()))?;
            }
            Ok(())
        }
        v => fail(format!("Cannot iterate over {} ({})", v.kind(), v.brief())),
    }
}

/// Where a slice of so many begins and ends.
pub(super) fn bounds(key: &Object, len: usize) -> Result<(usize, usize), Stop> {
    let side = |name: &str, default: f64, up: bool| match key.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Number(n)) => {
            let n = if *n < 0.0 { n + len as f64 } else { *n };
            Ok((if up { n.ceil() } else { n.floor() }).clamp(0.0, len as f64))
        }
        Some(_) => fail("Start and end indices of an array slice must be numbers"),
    };
    let from = side("start", 0.0, false)? as usize;
    let to = side("end", len as f64, true)? as usize;
    Ok((from, to.max(from)))
}

/// `.[key]`.
pub(super) fn get(v: &Value, key: &Value) -> Result<Value, Stop> {
    Ok(match (v, key) {
        (Value::Object(o), Value::Text(k)) => o.get(k).cloned().unwrap_or(Value::Null),
        (Value::Array(a), Value::Number(n)) => {
            let n = if *n < 0.0 { n + a.len() as f64 } else { *n }.floor();
            if n < 0.0 { Value::Null } else { a.get(n as usize).cloned().unwrap_or(Value::Null) }
        }
        (Value::Null, Value::Text(_) | Value::Number(_) | Value::Null) => Value::Null,
        (Value::Null, Value::Object(_)) => Value::Null,
        (Value::Array(a), Value::Object(k)) => {
            let (from, to) = bounds(k, a.len())?;
            Value::array(a.get(from..to).unwrap_or(&[]).to_vec())
        }
        (Value::Text(t), Value::Object(k)) => {
            let chars: Vec<char> = t.chars().collect();
            let (from, to) = bounds(k, chars.len())?;
            Value::text(chars.get(from..to).unwrap_or(&[]).iter().collect::<String>())
        }
        (Value::Array(a), Value::Array(b)) => super::arith::indices(a, b),
        (v, Value::Text(k)) => return fail(format!("Cannot index {} with string \"{k}\"", v.kind())),
        (v, k) => return fail(format!("Cannot index {} with {}", v.kind(), k.kind())),
    })
}
