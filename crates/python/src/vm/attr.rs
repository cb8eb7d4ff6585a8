//! Attributes: classes' method resolution order, descriptors, instances' dictionaries.

use super::*;

/// What an attribute's look-up found.
enum Found {
    Value(Value),
    /// A property's getter or a descriptor's `__get__`, to be called with these.
    Call(Value, Vec<Value>),
    Missing,
}

impl Vm {
    /// A name in a class or its bases.
    pub(crate) fn lookup(&self, class: Ref, name: &str) -> Option<Value> {
        self.lookup_hashed(class, name, crate::heap::hash_str(name)).map(|f| f.0)
    }

    pub(crate) fn lookup_hashed(&self, class: Ref, name: &str, hash: u64) -> Option<(Value, Ref)> {
        let Kind::Class(c) = &self.object(class).kind else { return None };
        for m in &c.mro {
            if let Kind::Class(k) = &self.object(*m).kind
                && let Some(v) = self.get_name_hashed(k.dict, name, hash)
            {
                return Some((v, *m));
            }
        }
        None
    }

    /// A special method that Python code defines, not the builtin one.
    pub(crate) fn user_method(&self, v: Value, name: &str) -> Option<Value> {
        let class = self.class_of(v);
        if self.is_builtin_class(class) {
            return None;
        }
        let (f, owner) = self.lookup_hashed(class, name, crate::heap::hash_str(name))?;
        if self.is_builtin_class(owner) { None } else { Some(f) }
    }

    /// Binds a class's attribute to an instance, where no Python code is needed.
    pub(crate) fn bind(&mut self, f: Value, this: Value) -> Value {
        match self.kind(f) {
            Kind::Func(_) => self.alloc(T::Method, Kind::Method { func: f, this }),
            Kind::Native(id) => {
                let id = *id;
                self.alloc(T::Builtin, Kind::NativeMethod(id, this))
            }
            Kind::StaticMethod(inner) => *inner,
            Kind::ClassMethod(inner) => {
                let (inner, c) = (*inner, self.class_of(this));
                self.alloc(T::Method, Kind::Method { func: inner, this: Value::Obj(c) })
            }
            _ => f,
        }
    }

    /// `o.name(…)` where the name is a plain function of the class: no bound method is made.
    pub(crate) fn plain_method(&self, o: Value, name: &str, hash: u64) -> Option<Value> {
        let class = self.class_of(o);
        match self.kind(o) {
            Kind::Class(_) | Kind::Module { .. } | Kind::Super { .. } => return None,
            _ => {}
        }
        let (f, _) = self.lookup_hashed(class, name, hash)?;
        if !matches!(self.kind(f), Kind::Func(_) | Kind::Native(_)) {
            return None;
        }
        if let Value::Obj(r) = o
            && let Some(attrs) = self.object(r).attrs
            && self.get_name_hashed(attrs, name, hash).is_some()
        {
            return None;
        }
        if !self.is_builtin_class(class) && self.user_method(o, "__getattribute__").is_some() {
            return None;
        }
        Some(f)
    }

    pub(crate) fn load_attr(&mut self, o: Value, name: &str, hash: u64, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__getattribute__") {
            let n = self.str(name);
            return self.call_with_hook(f, vec![o, n], o, n, cont);
        }
        self.found_attr(o, name, hash, cont)
    }

    /// `object.__getattribute__`
    pub(crate) fn plain_attr(&mut self, o: Value, name: &str, cont: Cont) -> R<()> {
        self.found_attr(o, name, crate::heap::hash_str(name), cont)
    }

    fn found_attr(&mut self, o: Value, name: &str, hash: u64, cont: Cont) -> R<()> {
        match self.find_attr(o, name, hash) {
            Found::Value(v) => self.deliver(cont, v),
            Found::Call(f, args) => {
                let n = self.str(name);
                self.call_with_hook(f, args, o, n, cont)
            }
            Found::Missing => {
                if let Some(f) = self.user_method(o, "__getattr__") {
                    let n = self.str(name);
                    return self.call(f, Args::of(vec![o, n]), cont);
                }
                if let Kind::Module { dict } = self.kind(o)
                    && let Some(f) = self.get_name(*dict, "__getattr__")
                {
                    let n = self.str(name);
                    return self.call(f, Args::of(vec![n]), cont);
                }
                self.attr_error(o, name)
            }
        }
    }

    fn call_with_hook(&mut self, f: Value, args: Vec<Value>, o: Value, n: Value, cont: Cont) -> R<()> {
        let hook = matches!(cont, Cont::Push) && self.user_method(o, "__getattr__").is_some();
        let cont = if hook { Cont::GetAttr { object: o, name: n } } else { cont };
        self.call(f, Args::of(args), cont)
    }

    /// For a method call: the attribute and, over it, no receiver.
    pub(crate) fn load_attr_null(&mut self, o: Value, name: &str, hash: u64) -> R<()> {
        let depth = self.frames.len();
        self.load_attr(o, name, hash, Cont::Push)?;
        if self.frames.len() == depth {
            self.push(Value::Unbound);
            return Ok(());
        }
        // A getter runs: when it has answered, the next instruction is the one that pushes nothing.
        let Some(f) = self.frames.get_mut(depth - 1) else { return Ok(()) };
        f.null_after = true;
        Ok(())
    }

    pub(crate) fn attr_error<X>(&mut self, o: Value, name: &str) -> R<X> {
        let msg = match self.kind(o) {
            Kind::Class(c) => format!("type object '{}' has no attribute '{name}'", c.name),
            Kind::Module { dict } => {
                let n = self.get_name(*dict, "__name__").and_then(|v| self.text(v)).unwrap_or_default();
                format!("module '{n}' has no attribute '{name}'")
            }
            Kind::Super { .. } => format!("'super' object has no attribute '{name}'"),
            _ => format!("'{}' object has no attribute '{name}'", self.type_name(o)),
        };
        let e = self.exc(T::AttributeError, msg);
        let n = self.str(name);
        self.set_attr_raw(e, "name", n);
        self.set_attr_raw(e, "obj", o);
        Err(e)
    }

    /// Sets an attribute in an object's dictionary, whatever its class says.
    pub(crate) fn set_attr_raw(&mut self, o: Value, name: &str, v: Value) {
        let Value::Obj(r) = o else { return };
        let attrs = self.attrs_of(r);
        self.set_name(attrs, name, v);
    }

    pub(crate) fn attrs_of(&mut self, r: Ref) -> Ref {
        if let Kind::Module { dict } = self.object(r).kind {
            return dict;
        }
        if let Some(a) = self.object(r).attrs {
            return a;
        }
        let d = self.new_dict();
        self.heap.get_mut(r).attrs = Some(d);
        d
    }

    fn find_attr(&mut self, o: Value, name: &str, hash: u64) -> Found {
        match self.kind(o) {
            Kind::Class(_) => {
                if let Value::Obj(c) = o {
                    return self.class_attr(c, name, hash);
                }
                Found::Missing
            }
            Kind::Module { dict } => {
                let dict = *dict;
                if let Some(v) = self.get_name_hashed(dict, name, hash) {
                    return Found::Value(v);
                }
                self.native_attr(o, name)
            }
            Kind::Super { class, this, start } => {
                let (class, this, start) = (*class, *this, *start);
                self.super_attr(class, this, start, name, hash).unwrap_or(Found::Missing)
            }
            _ => {
                let class = self.class_of(o);
                let in_class = self.lookup_hashed(class, name, hash);
                if let Some((f, _)) = in_class
                    && let Some(found) = self.data_descriptor(f, o, class)
                {
                    return found;
                }
                if let Value::Obj(r) = o
                    && let Some(a) = self.object(r).attrs
                    && let Some(v) = self.get_name_hashed(a, name, hash)
                {
                    return Found::Value(v);
                }
                match in_class {
                    Some((f, _)) => self.descriptor(f, o, class),
                    None => self.native_attr(o, name),
                }
            }
        }
    }

    fn native_attr(&mut self, o: Value, name: &str) -> Found {
        match crate::types::attribute(self, o, name) {
            Some(v) => Found::Value(v),
            None => Found::Missing,
        }
    }

    fn data_descriptor(&mut self, f: Value, o: Value, class: Ref) -> Option<Found> {
        match self.kind(f) {
            Kind::Property { get, .. } => {
                let get = *get;
                Some(if get.is_none() { Found::Missing } else { Found::Call(get, vec![o]) })
            }
            Kind::Instance => {
                let t = self.class_of(f);
                if self.is_builtin_class(t) || self.lookup(t, "__set__").is_none() {
                    return None;
                }
                let get = self.lookup(t, "__get__")?;
                Some(Found::Call(get, vec![f, o, Value::Obj(class)]))
            }
            _ => None,
        }
    }

    fn descriptor(&mut self, f: Value, o: Value, class: Ref) -> Found {
        if matches!(self.kind(f), Kind::Instance) && !matches!(f, Value::Obj(r) if self.is_builtin_class(r)) {
            let t = self.class_of(f);
            if !self.is_builtin_class(t)
                && let Some(get) = self.lookup(t, "__get__")
            {
                return Found::Call(get, vec![f, o, Value::Obj(class)]);
            }
        }
        Found::Value(self.bind(f, o))
    }

    fn class_attr(&mut self, c: Ref, name: &str, hash: u64) -> Found {
        let meta = self.class_of(Value::Obj(c));
        let in_meta = self.lookup_hashed(meta, name, hash);
        if let Some((f, _)) = in_meta
            && let Some(found) = self.data_descriptor(f, Value::Obj(c), meta)
        {
            return found;
        }
        if let Some((f, _)) = self.lookup_hashed(c, name, hash) {
            return match self.kind(f) {
                Kind::StaticMethod(inner) => Found::Value(*inner),
                Kind::ClassMethod(inner) => {
                    let inner = *inner;
                    Found::Value(self.alloc(T::Method, Kind::Method { func: inner, this: Value::Obj(c) }))
                }
                Kind::Instance => {
                    let t = self.class_of(f);
                    match self.lookup(t, "__get__") {
                        Some(get) if !self.is_builtin_class(t) => Found::Call(get, vec![f, Value::None, Value::Obj(c)]),
                        _ => Found::Value(f),
                    }
                }
                _ => Found::Value(f),
            };
        }
        if let Some(v) = crate::types::attribute(self, Value::Obj(c), name) {
            return Found::Value(v);
        }
        match in_meta {
            Some((f, _)) => self.descriptor(f, Value::Obj(c), meta),
            None => Found::Missing,
        }
    }

    fn super_attr(&mut self, class: Ref, this: Value, start: Ref, name: &str, hash: u64) -> Option<Found> {
        let mro = match &self.object(start).kind {
            Kind::Class(c) => c.mro.clone(),
            _ => Vec::new(),
        };
        let from = mro.iter().position(|m| *m == class).map_or(0, |i| i + 1);
        for m in mro.iter().skip(from) {
            let Kind::Class(k) = &self.object(*m).kind else { continue };
            let Some(f) = self.get_name_hashed(k.dict, name, hash) else { continue };
            let on_class = matches!(this, Value::Obj(r) if r == start);
            return Some(match self.kind(f) {
                Kind::StaticMethod(inner) => Found::Value(*inner),
                Kind::ClassMethod(inner) => {
                    let inner = *inner;
                    Found::Value(self.alloc(T::Method, Kind::Method { func: inner, this: Value::Obj(start) }))
                }
                Kind::Property { get, .. } => Found::Call(*get, vec![this]),
                _ if on_class => Found::Value(f),
                _ => self.descriptor(f, this, start),
            });
        }
        None
    }

    pub(crate) fn store_attr(&mut self, o: Value, name: &str, v: Value, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__setattr__") {
            let n = self.str(name);
            return self.call(f, Args::of(vec![o, n, v]), cont);
        }
        self.generic_set(o, name, v, cont)
    }

    /// `object.__setattr__`
    pub(crate) fn generic_set(&mut self, o: Value, name: &str, v: Value, cont: Cont) -> R<()> {
        let class = self.class_of(o);
        if let Some(f) = self.lookup(class, name) {
            match self.kind(f) {
                Kind::Property { set, .. } => {
                    let set = *set;
                    if set.is_none() {
                        let t = self.type_name(o);
                        return self
                            .fail(T::AttributeError, format!("property '{name}' of '{t}' object has no setter"));
                    }
                    return self.call(set, Args::of(vec![o, v]), cont);
                }
                Kind::Instance => {
                    let t = self.class_of(f);
                    if !self.is_builtin_class(t)
                        && let Some(set) = self.lookup(t, "__set__")
                    {
                        return self.call(set, Args::of(vec![f, o, v]), cont);
                    }
                }
                _ => {}
            }
        }
        if crate::types::set_attribute(self, o, name, v)? {
            return self.deliver_none(cont);
        }
        match o {
            Value::Obj(r) if self.has_dict(r) || self.has_slot(class, name) => {
                if let Kind::Class(c) = &self.object(r).kind {
                    let dict = c.dict;
                    if self.is_builtin_class(r) {
                        let n = self.class_name(r);
                        return self.type_error(format!("cannot set '{name}' attribute of immutable type '{n}'"));
                    }
                    self.set_name(dict, name, v);
                } else {
                    let d = self.attrs_of(r);
                    self.set_name(d, name, v);
                }
                self.deliver_none(cont)
            }
            _ => {
                if self.lookup(class, name).is_some() {
                    let t = self.type_name(o);
                    return self.fail(T::AttributeError, format!("'{t}' object attribute '{name}' is read-only"));
                }
                self.attr_error(o, name)
            }
        }
    }

    pub(crate) fn deliver_none(&mut self, cont: Cont) -> R<()> {
        self.deliver(cont, Value::None)
    }

    /// Whether `__slots__` of the class or one above names the attribute.
    fn has_slot(&self, class: Ref, name: &str) -> bool {
        let Kind::Class(c) = &self.object(class).kind else { return false };
        c.mro.iter().filter_map(|b| self.class_info(*b)).filter_map(|b| self.get_name(b.dict, "__slots__")).any(|s| {
            let is = |v: Value| self.as_str(v).is_some_and(|t| *t.s == *name);
            is(s)
                || self.items(s).is_some_and(|l| l.into_iter().any(is))
                || self.as_dict(s).is_some_and(|d| d.entries().any(|e| is(e.0)))
        })
    }

    fn has_dict(&self, r: Ref) -> bool {
        let o = self.object(r);
        match &o.kind {
            Kind::Func(_) | Kind::Module { .. } | Kind::Class(_) | Kind::Exc(_) => true,
            _ if self.is_builtin_class(o.class) => false,
            _ => match &self.object(o.class).kind {
                Kind::Class(c) => !c.slotted,
                _ => true,
            },
        }
    }

    pub(crate) fn delete_attr(&mut self, o: Value, name: &str, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__delattr__") {
            let n = self.str(name);
            return self.call(f, Args::of(vec![o, n]), cont);
        }
        self.generic_del(o, name, cont)
    }

    pub(crate) fn generic_del(&mut self, o: Value, name: &str, cont: Cont) -> R<()> {
        let class = self.class_of(o);
        if let Some(f) = self.lookup(class, name) {
            if let Kind::Property { del, .. } = self.kind(f) {
                let del = *del;
                if del.is_none() {
                    let t = self.type_name(o);
                    return self.fail(T::AttributeError, format!("property '{name}' of '{t}' object has no deleter"));
                }
                return self.call(del, Args::of(vec![o]), cont);
            }
            let t = self.class_of(f);
            if matches!(self.kind(f), Kind::Instance)
                && !self.is_builtin_class(t)
                && let Some(d) = self.lookup(t, "__delete__")
            {
                return self.call(d, Args::of(vec![f, o]), cont);
            }
        }
        let dict = match o {
            Value::Obj(r) => match &self.object(r).kind {
                Kind::Class(c) => Some(c.dict),
                Kind::Module { dict } => Some(*dict),
                _ => self.object(r).attrs,
            },
            _ => None,
        };
        if let Some(d) = dict
            && self.del_name(d, name)
        {
            return self.deliver_none(cont);
        }
        self.attr_error(o, name)
    }
}
