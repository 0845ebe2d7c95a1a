//! The names that functions and members have.

use super::swc_core::ecma::ast::*;

/// The expression in type annotations and parentheses: `f` of `f as T`, `f!`, `(f)`.
pub fn without_types(expr: &mut Expr) -> &mut Expr {
    match expr {
        Expr::Paren(outer) => without_types(&mut outer.expr),
        Expr::TsAs(outer) => without_types(&mut outer.expr),
        Expr::TsConstAssertion(outer) => without_types(&mut outer.expr),
        Expr::TsSatisfies(outer) => without_types(&mut outer.expr),
        Expr::TsNonNull(outer) => without_types(&mut outer.expr),
        Expr::TsTypeAssertion(outer) => without_types(&mut outer.expr),
        Expr::TsInstantiation(outer) => without_types(&mut outer.expr),
        other => other,
    }
}

pub fn without_types_ref(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(outer) => without_types_ref(&outer.expr),
        Expr::TsAs(outer) => without_types_ref(&outer.expr),
        Expr::TsConstAssertion(outer) => without_types_ref(&outer.expr),
        Expr::TsSatisfies(outer) => without_types_ref(&outer.expr),
        Expr::TsNonNull(outer) => without_types_ref(&outer.expr),
        Expr::TsTypeAssertion(outer) => without_types_ref(&outer.expr),
        Expr::TsInstantiation(outer) => without_types_ref(&outer.expr),
        other => other,
    }
}

/// The name that an assignment gives: `x` and `x!` give theirs, `(x)` and `(x as T)` give none.
pub fn target_name(target: &AssignTarget) -> Option<String> {
    match target {
        AssignTarget::Simple(SimpleAssignTarget::Ident(id)) => Some(id.id.sym.to_string()),
        AssignTarget::Simple(SimpleAssignTarget::TsNonNull(outer)) => non_null_name(&outer.expr),
        _ => None,
    }
}

fn non_null_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(id) => Some(id.sym.to_string()),
        Expr::TsNonNull(outer) => non_null_name(&outer.expr),
        _ => None,
    }
}

/// What a key that is written out says: `a`, `'a'`, `1`, `1n`.
pub fn key_text(key: &PropName) -> Option<String> {
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(text) => Some(text.value.to_string_lossy().into_owned()),
        PropName::Num(number) => Some(number_text(number.value)),
        PropName::BigInt(number) => Some(number.value.to_string()),
        _ => None,
    }
}

fn literal_text(lit: &Lit) -> Option<String> {
    match lit {
        Lit::Str(text) => Some(text.value.to_string_lossy().into_owned()),
        Lit::Num(number) => Some(number_text(number.value)),
        Lit::BigInt(number) => Some(number.value.to_string()),
        _ => None,
    }
}

/// The key of a member where the source says it: `a`, `'a'`, `['a']`, `[Symbol.a]`, not `[a]`.
pub fn written_key(key: &PropName) -> Option<String> {
    let PropName::Computed(computed) = key else { return key_text(key) };
    match &*computed.expr {
        Expr::Lit(lit) => literal_text(lit),
        Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. })
            if obj.is_ident_ref_to("Symbol") =>
        {
            Some(format!("@@{}", prop.sym))
        }
        _ => None,
    }
}

/// A key `name` that always makes an own property: `__proto__: v` would set the prototype.
pub fn own_key(name: &str) -> PropName {
    if name == "__proto__" {
        return super::build::computed(super::build::string(name));
    }
    if Ident::verify_symbol(name).is_ok() {
        PropName::Ident(IdentName::from(name))
    } else {
        PropName::Str(name.into())
    }
}

/// `String(number)`, as JavaScript writes it.
fn number_text(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return if value.is_nan() { "NaN" } else { "Infinity" }.to_owned();
    }
    // Rust has the same shortest digits, and no exponents.
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-6..21).contains(&exponent) {
        format!("{value}")
    } else {
        format!("{digits}e{}{exponent}", if exponent > 0 { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn writes_numbers_as_javascript_does() {
        let cases = [
            (1.0, "1"),
            (0.5, "0.5"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "1.5e-7"),
            (1e-6, "0.000001"),
        ];
        for (value, text) in cases {
            assert_eq!(number_text(value), text);
        }
    }
}
