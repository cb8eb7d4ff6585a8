//! Native helpers of text modules (json).

use crate::types::arg;
use crate::vm::start::Registry;

pub(super) fn register(reg: &mut Registry) {
    reg.func("_text", "json_quote", 2, 2, |vm, a| {
        let s = vm.want_str(arg(a, 0), "string")?;
        let ascii = vm.truth(arg(a, 1))?.unwrap_or(true);
        let mut out = String::from("\"");
        for c in s.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x08' => out.push_str("\\b"),
                '\x0c' => out.push_str("\\f"),
                c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
                c if c.is_ascii() || !ascii => out.push(c),
                c => {
                    let mut b = [0; 2];
                    for u in c.encode_utf16(&mut b) {
                        out.push_str(&format!("\\u{u:04x}"));
                    }
                }
            }
        }
        out.push('"');
        Ok(vm.str(out))
    });
}
