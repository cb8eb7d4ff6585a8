//! `math`: platform-independent functions (libm).

use crate::types::arg;
use crate::value::Value;
use crate::vm::builtin_types::T;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

fn x(vm: &mut Vm, v: Value) -> R<f64> {
    match vm.number(v) {
        Some(f) => Ok(f),
        None => {
            let t = vm.type_name(v);
            vm.type_error(format!("must be real number, not {t}"))
        }
    }
}

macro_rules! real {
    ($reg:ident, $($name:literal $f:expr;)*) => {
        $($reg.func("math", $name, 1, 1, |vm, a| {
            let f: fn(f64) -> f64 = $f;
            let v = x(vm, arg(a, 0))?;
            let r = f(v);
            if r.is_nan() && !v.is_nan() {
                return vm.value_error("math domain error");
            }
            if r.is_infinite() && v.is_finite() {
                return if matches!($name, "exp" | "expm1" | "cosh" | "sinh") {
                    vm.fail(T::OverflowError, "math range error")
                } else {
                    vm.value_error("math domain error")
                };
            }
            Ok(Value::Float(r))
        });)*
    };
}

pub(super) fn register(reg: &mut Registry) {
    real! { reg,
        "sqrt" libm::sqrt; "exp" libm::exp; "expm1" libm::expm1; "log1p" libm::log1p;
        "sin" libm::sin; "cos" libm::cos; "tan" libm::tan; "asin" libm::asin; "acos" libm::acos; "atan" libm::atan;
        "sinh" libm::sinh; "cosh" libm::cosh; "tanh" libm::tanh; "fabs" libm::fabs; "cbrt" libm::cbrt; "gamma" libm::tgamma;
        "degrees" |v| v * (180.0 / std::f64::consts::PI); "radians" |v| v * (std::f64::consts::PI / 180.0); "erf" libm::erf;
    }
    reg.func("math", "log2", 1, 1, |vm, a| log(vm, arg(a, 0), libm::log2));
    reg.func("math", "log10", 1, 1, |vm, a| log(vm, arg(a, 0), libm::log10));
    reg.func("math", "log", 1, 2, |vm, a| {
        let n = log(vm, arg(a, 0), libm::log)?;
        if a.len() < 2 {
            return Ok(n);
        }
        let d = log(vm, arg(a, 1), libm::log)?;
        match (n, d) {
            (Value::Float(_), Value::Float(0.0)) => vm.fail(T::ZeroDivisionError, "float division by zero"),
            (Value::Float(n), Value::Float(d)) => Ok(Value::Float(n / d)),
            _ => Ok(n),
        }
    });
    for (name, f) in [("floor", libm::floor as fn(f64) -> f64), ("ceil", libm::ceil), ("trunc", libm::trunc)] {
        let _ = f;
        reg.func(
            "math",
            name,
            1,
            1,
            match name {
                "floor" => |vm: &mut Vm, a: &[Value]| to_int(vm, arg(a, 0), libm::floor),
                "ceil" => |vm: &mut Vm, a: &[Value]| to_int(vm, arg(a, 0), libm::ceil),
                _ => |vm: &mut Vm, a: &[Value]| to_int(vm, arg(a, 0), libm::trunc),
            },
        );
    }
    reg.func("math", "pow", 2, 2, |vm, a| Ok(Value::Float(libm::pow(x(vm, arg(a, 0))?, x(vm, arg(a, 1))?))));
    reg.func("math", "fmod", 2, 2, |vm, a| Ok(Value::Float(libm::fmod(x(vm, arg(a, 0))?, x(vm, arg(a, 1))?))));
    reg.func("math", "atan2", 2, 2, |vm, a| Ok(Value::Float(libm::atan2(x(vm, arg(a, 0))?, x(vm, arg(a, 1))?))));
    reg.func("math", "copysign", 2, 2, |vm, a| Ok(Value::Float(x(vm, arg(a, 0))?.copysign(x(vm, arg(a, 1))?))));
    reg.func("math", "isnan", 1, 1, |vm, a| Ok(Value::Bool(x(vm, arg(a, 0))?.is_nan())));
    reg.func("math", "isinf", 1, 1, |vm, a| Ok(Value::Bool(x(vm, arg(a, 0))?.is_infinite())));
    reg.func("math", "isfinite", 1, 1, |vm, a| Ok(Value::Bool(x(vm, arg(a, 0))?.is_finite())));
    reg.func("math", "hypot", 0, usize::MAX, |vm, a| {
        let mut s = 0.0;
        for v in a {
            let f = x(vm, *v)?;
            s = libm::hypot(s, f);
        }
        Ok(Value::Float(s))
    });
    reg.func("math", "modf", 1, 1, |vm, a| {
        let f = x(vm, arg(a, 0))?;
        Ok(vm.tuple(vec![Value::Float(f - libm::trunc(f)), Value::Float(libm::trunc(f))]))
    });
    reg.func("math", "factorial", 1, 1, |vm, a| {
        let n = vm.want_int(arg(a, 0))?;
        if n < 0 {
            return vm.value_error("factorial() not defined for negative values");
        }
        if n > 20_000 {
            return vm.memory_error();
        }
        vm.fuel = vm.fuel.saturating_sub(n as u64);
        let mut r = BigInt::from(1);
        for i in 2..=n {
            r *= i;
        }
        Ok(vm.big(r))
    });
}

fn log(vm: &mut Vm, v: Value, f: fn(f64) -> f64) -> R<Value> {
    let n = match (vm.as_big(v), vm.as_int(v)) {
        (Some(b), None) if b.bits() > 1000 => {
            // ln(b) = ln(b / 2^k) + k ln 2, in the function's own base.
            let k = b.bits() - 60;
            let top = (b >> k).to_f64().unwrap_or(1.0);
            return Ok(Value::Float(f(top) + k as f64 * f(2.0)));
        }
        _ => x(vm, v)?,
    };
    if n <= 0.0 {
        return vm.value_error("math domain error");
    }
    Ok(Value::Float(f(n)))
}

fn to_int(vm: &mut Vm, v: Value, f: fn(f64) -> f64) -> R<Value> {
    if let Some(b) = vm.as_big(v) {
        return Ok(vm.big(b));
    }
    let n = x(vm, v)?;
    match BigInt::from_f64(f(n)) {
        Some(b) => Ok(vm.big(b)),
        None if n.is_nan() => vm.value_error("cannot convert float NaN to integer"),
        None => vm.fail(T::OverflowError, "cannot convert float infinity to integer"),
    }
}
