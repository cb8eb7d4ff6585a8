//! A machine's start: builtin classes, native functions, the prelude, then the program.

use super::*;
use crate::value::Class;
use std::cell::RefCell;

/// How the interpreter is started.
#[derive(Clone, Debug, Default)]
pub struct VmConfig {
    /// `python`'s command line, `argv[0]` included.
    pub argv: Vec<String>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// How the interpreter was called; without a slash it is looked for along `PATH`.
    pub executable: String,
    /// The version that it says it is (`3.13.5`); empty: [`crate::VERSION`].
    pub version: String,
}

/// Collects the native functions of all modules.
pub(crate) struct Registry {
    pub(crate) natives: Vec<Native>,
    /// Where each goes: a class's method, a builtin, or a native module's member.
    places: Vec<Place>,
}

enum Place {
    Method(T),
    Module(&'static str),
}

impl Registry {
    pub(crate) fn method(
        &mut self,
        t: T,
        name: &'static str,
        min: usize,
        max: usize,
        f: fn(&mut Vm, &[Value]) -> R<Value>,
    ) {
        self.natives.push(Native { name, class: Some(t), body: Body::Plain(f, min + 1, max.saturating_add(1)) });
        self.places.push(Place::Method(t));
    }

    pub(crate) fn method_full(&mut self, t: T, name: &'static str, f: fn(&mut Vm, Args, Cont) -> R<()>) {
        self.natives.push(Native { name, class: Some(t), body: Body::Full(f) });
        self.places.push(Place::Method(t));
    }

    /// A function of a native module; `builtins` and `_prelude` are such, too.
    pub(crate) fn func(
        &mut self,
        module: &'static str,
        name: &'static str,
        min: usize,
        max: usize,
        f: fn(&mut Vm, &[Value]) -> R<Value>,
    ) {
        self.natives.push(Native { name, class: None, body: Body::Plain(f, min, max) });
        self.places.push(Place::Module(module));
    }

    pub(crate) fn func_full(&mut self, module: &'static str, name: &'static str, f: fn(&mut Vm, Args, Cont) -> R<()>) {
        self.natives.push(Native { name, class: None, body: Body::Full(f) });
        self.places.push(Place::Module(module));
    }
}

thread_local! {
    /// A machine with the prelude loaded: every program starts as its clone.
    static BASE: RefCell<Option<Vm>> = const { RefCell::new(None) };
}

impl Vm {
    /// A machine at the start of the program that the command line names.
    pub fn new(config: VmConfig) -> Vm {
        let base = BASE.with(|b| b.borrow().clone());
        let mut vm = base.unwrap_or_else(|| {
            let vm = Vm::base();
            BASE.with(|b| *b.borrow_mut() = Some(vm.clone()));
            vm
        });
        vm.config = Arc::new(config);
        let argv = vm.config.argv.clone();
        let args: Vec<Value> = argv.iter().map(|a| vm.str(a.as_str())).collect();
        let args = vm.list(args);
        if let Err(e) = vm.call_prelude("_main", vec![args], Cont::Main) {
            vm.last_error = vm.to_str(e).unwrap_or_default();
            vm.exit = Some(1);
        }
        vm
    }

    fn base() -> Vm {
        let mut reg = Registry { natives: Vec::new(), places: Vec::new() };
        crate::types::register(&mut reg);
        crate::modules::register(&mut reg);
        let zero = Ref(0);
        let mut vm = Vm {
            heap: Heap::new(),
            frames: Vec::new(),
            natives: Arc::new(reg.natives),
            builtins: zero,
            prelude: zero,
            modules: zero,
            code_consts: BTreeMap::new(),
            waiting: None,
            in_syscall: None,
            exit: None,
            signals: Vec::new(),
            recursion_limit: 1000,
            config: Arc::default(),
            fuel: 0,
            wanted: 0,
            runs: 64,
            reraise_at: None,
            last_error: String::new(),
        };
        for (t, ..) in builtin_types::TYPES {
            let _ = t;
            vm.heap.alloc(T::Type.class(), Kind::Instance);
        }
        for (t, name, base) in builtin_types::TYPES {
            let r = t.class();
            let dict = vm.new_dict();
            let (bases, mut mro) = if r == zero {
                (Vec::new(), Vec::new())
            } else {
                let b = base.class();
                (vec![b], vm.class_info(b).map(|c| c.mro.clone()).unwrap_or_default())
            };
            mro.insert(0, r);
            let layout = if t.is_exception() {
                T::BaseException.class()
            } else if *t == T::Bool {
                T::Int.class()
            } else {
                r
            };
            let class =
                Class { name: (*name).into(), bases, mro, dict, layout, subclasses: Vec::new(), slotted: false };
            *vm.kind_mut(r) = Kind::Class(Box::new(class));
        }
        vm.builtins = vm.new_dict();
        vm.prelude = vm.new_dict();
        vm.modules = vm.new_dict();
        let mut mods: BTreeMap<&'static str, Ref> = BTreeMap::new();
        mods.insert("builtins", vm.builtins);
        mods.insert("_prelude", vm.prelude);
        let natives = vm.natives.clone();
        for (i, (n, p)) in natives.iter().zip(&reg.places).enumerate() {
            match p {
                Place::Method(t) => {
                    let v = vm.alloc(T::MethodDescriptor, Kind::Native(i as u32));
                    if let Some(d) = vm.class_info(t.class()).map(|c| c.dict) {
                        vm.set_name(d, n.name, v);
                    }
                }
                Place::Module(m) => {
                    let v = vm.alloc(T::Builtin, Kind::Native(i as u32));
                    let d =
                        *mods.entry(m).or_insert_with(|| vm.heap.alloc(T::Dict.class(), Kind::Dict(Dict::default())));
                    vm.set_name(d, n.name, v);
                }
            }
        }
        for (t, name, _) in builtin_types::TYPES {
            let d = if t.is_public() { vm.builtins } else { vm.prelude };
            vm.set_name(d, name, Value::Obj(t.class()));
        }
        for (n, v) in
            [("NotImplemented", Value::NotImplemented), ("Ellipsis", Value::Ellipsis), ("__debug__", Value::Bool(true))]
        {
            vm.set_name(vm.builtins, n, v);
        }
        let natives = vm.new_dict();
        for (name, dict) in mods {
            if name == "_prelude" {
                continue;
            }
            let m = vm.alloc(T::Module, Kind::Module { dict });
            let n = vm.str(name);
            vm.set_name(dict, "__name__", n);
            vm.set_name(natives, name, m);
        }
        vm.set_name(vm.prelude, "_native_modules", Value::Obj(natives));
        vm.set_name(vm.prelude, "_modules", Value::Obj(vm.modules));
        vm.set_name(vm.prelude, "_builtins", Value::Obj(vm.builtins));
        let n = vm.str("builtins");
        vm.set_name(vm.prelude, "__name__", n);
        vm.load_prelude();
        vm
    }

    fn load_prelude(&mut self) {
        for (file, text) in crate::frozen::PRELUDE {
            let code = match crate::compile::compile(text, file, crate::compile::Mode::Exec, true, false) {
                Ok(c) => c,
                Err(e) => {
                    debug_assert!(false, "{file}: {e:?}");
                    continue;
                }
            };
            let consts = self.consts(&code);
            let prelude = self.prelude;
            let f = crate::value::Func {
                name: "<prelude>".into(),
                qualname: "<prelude>".into(),
                code,
                consts,
                globals: prelude,
                defaults: Arc::new([]),
                kwdefaults: Value::None,
                annotations: Value::None,
                closure: Arc::new([]),
                doc: Value::None,
                module: Value::None,
            };
            let r = self.push_frame(&f, Vec::new(), Some(prelude), Cont::Main);
            if r.is_ok() {
                let step = self.run(u64::MAX);
                debug_assert_eq!(step, VmStep::Exit(0), "{file}: {}", self.last_error);
            }
            self.exit = None;
        }
    }
}
