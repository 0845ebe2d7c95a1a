//! What compilers leave where an async generator function was: a plain function that calls a helper. Nothing of the language
//! is left to hook. The table of the helpers stands in src/transform/lowered.ts.

use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{Visit, VisitWith};
use crate::lowered::{is_helper, is_helper_module};

/// Whether the file calls or imports such a helper.
pub fn has_lowered_generators(program: &Program) -> bool {
    let mut search = Search(false);
    program.visit_with(&mut search);
    search.0
}

struct Search(bool);

impl Visit for Search {
    fn visit_call_expr(&mut self, node: &CallExpr) {
        self.0 |= is_helper_call(node);
        if !self.0 {
            node.visit_children_with(self);
        }
    }

    fn visit_import_decl(&mut self, node: &ImportDecl) {
        self.0 |= !node.type_only && is_helper_import(node);
    }
}

fn is_helper_import(node: &ImportDecl) -> bool {
    node.src.value.as_str().is_some_and(is_helper_module)
        || node.specifiers.iter().any(|specifier| match specifier {
            ImportSpecifier::Named(ImportNamedSpecifier { local, imported, .. }) => match imported {
                None => is_helper(&local.sym),
                Some(ModuleExportName::Ident(name)) => is_helper(&name.sym),
                _ => false,
            },
            _ => false,
        })
}

fn is_helper_call(CallExpr { callee, args, .. }: &CallExpr) -> bool {
    let Callee::Expr(callee) = callee else { return false };
    let first = args.first().map(|arg| &*arg.expr);
    if callee.is_ident_ref_to("require") {
        return matches!(first, Some(Expr::Lit(Lit::Str(text))) if text.value.as_str().is_some_and(is_helper_module));
    }
    let name = name_of(callee);
    if is_helper(name) {
        // Babel's helper for async functions is built on this one, and hands a variable on.
        return !name.contains("regenerator") || matches!(first, Some(Expr::Fn(_) | Expr::Arrow(_)));
    }
    let Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. }) = &**callee else { return false };
    let owner = name_of(obj).trim_start_matches('_').trim_end_matches(|char: char| char.is_ascii_digit());
    match &*prop.sym {
        "wrap" => owner == "asyncGenerator",
        // The second is the function itself, or null where it is no generator.
        "async" => {
            let second = args.get(1).map(|arg| &*arg.expr);
            (owner == "regenerator" || owner == "regeneratorRuntime")
                && second.is_some_and(|second| !matches!(second, Expr::Lit(Lit::Null(_))))
        }
        _ => false,
    }
}

/// The name that a helper is called by: `a` of `a`, `x.a`, `(0, x.a)`, `a.default`, `a._` and `a()`.
fn name_of(expr: &Expr) -> &str {
    match expr {
        Expr::Ident(id) => &id.sym,
        Expr::Paren(outer) => name_of(&outer.expr),
        Expr::Seq(list) => list.exprs.last().map_or("", |last| name_of(last)),
        Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) => name_of(callee),
        Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. }) => match &*prop.sym {
            "default" | "_" => name_of(obj),
            name => name,
        },
        _ => "",
    }
}
