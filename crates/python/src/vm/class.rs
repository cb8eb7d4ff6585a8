//! Making classes: method resolution order and `type.__new__`.

use super::*;
use crate::value::Class;

impl Vm {
    pub(crate) fn class_info(&self, r: Ref) -> Option<&Class> {
        match &self.object(r).kind {
            Kind::Class(c) => Some(c),
            _ => None,
        }
    }

    /// C3 linearisation of a class with these bases (itself left out).
    fn merge(&mut self, bases: &[Ref]) -> R<Vec<Ref>> {
        let mut lists: Vec<Vec<Ref>> =
            bases.iter().map(|b| self.class_info(*b).map(|c| c.mro.clone()).unwrap_or_default()).collect();
        lists.push(bases.to_vec());
        let mut out = Vec::new();
        loop {
            lists.retain(|l| !l.is_empty());
            if lists.is_empty() {
                return Ok(out);
            }
            let next = lists
                .iter()
                .filter_map(|l| l.first().copied())
                .find(|c| !lists.iter().any(|l| l.iter().skip(1).any(|x| x == c)));
            let Some(c) = next else {
                let names: Vec<String> = bases.iter().map(|b| self.class_name(*b).to_string()).collect();
                return self.type_error(format!(
                    "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                    names.join(", ")
                ));
            };
            out.push(c);
            for l in &mut lists {
                if l.first() == Some(&c) {
                    l.remove(0);
                }
            }
        }
    }

    /// The class object; hooks (`__set_name__`, `__init_subclass__`) are the prelude's.
    pub(crate) fn new_class(&mut self, meta: Ref, name: Arc<str>, bases: &[Value], ns: Ref) -> R<Value> {
        let mut refs = Vec::new();
        for b in bases {
            match b {
                Value::Obj(r) if self.class_info(*r).is_some() => refs.push(*r),
                _ => return self.type_error("bases must be types"),
            }
        }
        if refs.is_empty() {
            refs.push(T::Object.class());
        }
        for (i, b) in refs.iter().enumerate() {
            if refs.iter().skip(i + 1).any(|x| x == b) {
                let n = self.class_name(*b);
                return self.type_error(format!("duplicate base class {n}"));
            }
            if [T::Bool, T::NoneType, T::Function, T::Range, T::Slice, T::Generator].iter().any(|t| t.class() == *b) {
                let n = self.class_name(*b);
                return self.type_error(format!("type '{n}' is not an acceptable base type"));
            }
        }
        let object = T::Object.class();
        let mut layout = object;
        for b in &refs {
            let l = self.layout(*b);
            if l != object && layout != object && l != layout {
                return self.type_error("multiple bases have instance lay-out conflict");
            }
            if l != object {
                layout = l;
            }
        }
        let mut mro = self.merge(&refs)?;
        let dict = self.new_dict();
        let copy = self.dict_ref(ns).cloned().unwrap_or_default();
        if let Some(d) = self.dict_mut(dict) {
            *d = copy;
        }
        let inherited = refs.iter().all(|b| *b == object || self.class_info(*b).is_some_and(|c| c.slotted));
        let slotted = self.get_name(dict, "__slots__").is_some() && inherited;
        let r = self.heap.alloc(meta, Kind::Instance);
        mro.insert(0, r);
        let class = Class { name, bases: refs.clone(), mro, dict, layout, subclasses: Vec::new(), slotted };
        *self.kind_mut(r) = Kind::Class(Box::new(class));
        for b in refs {
            if let Kind::Class(c) = self.kind_mut(b)
                && b.0 as usize >= builtin_types::TYPES.len()
            {
                c.subclasses.push(r);
            }
        }
        Ok(Value::Obj(r))
    }
}
