//! What is compiled, and what is left alone.

use super::names::without_types_ref;
use super::swc_core::ecma::ast::*;

/// An async generator function, not one that TypeScript only declares.
pub fn is_generator_function(function: &Function) -> bool {
    function.is_async && function.is_generator && function.body.is_some()
}

/// Whether the file imports the shim already: it was compiled before.
pub fn is_compiled(program: &Program, import_source: &str) -> bool {
    let requires = |stmt: &Stmt| match stmt {
        Stmt::Decl(Decl::Var(var)) => var
            .decls
            .iter()
            .any(|each| each.init.as_deref().is_some_and(|init| is_require_of(init, import_source))),
        _ => false,
    };
    match program {
        Program::Script(script) => script.body.iter().any(requires),
        Program::Module(module) => module.body.iter().any(|item| match item {
            ModuleItem::Stmt(stmt) => requires(stmt),
            ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => import.src.value == *import_source,
            _ => false,
        }),
        #[allow(unreachable_patterns)] // A newer SWC may have more.
        _ => false,
    }
}

/// `require(source)`, `module.require(source)`
pub fn is_require_of(expr: &Expr, source: &str) -> bool {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), args, .. }) = expr else { return false };
    let is_require = callee.is_ident_ref_to("require") || is_member_of(callee, "module", "require");
    let first = args.first().map(|arg| &*arg.expr);
    is_require && matches!(first, Some(Expr::Lit(Lit::Str(text))) if text.value == *source)
}

/// `Object.getPrototypeOf(async function* () {})` asks for an intrinsic, and nobody calls the function. What stands in
/// `vi.hoisted()` Vitest lifts above all imports, where the runtime is not there yet.
pub fn is_left_alone(CallExpr { callee, args, .. }: &CallExpr) -> bool {
    let Callee::Expr(callee) = callee else { return false };
    let asks_for_intrinsic = is_member_of(callee, "Object", "getPrototypeOf")
        && args.first().is_some_and(|arg| arg.spread.is_none() && without_types_ref(&arg.expr).is_fn_expr());
    asks_for_intrinsic || is_member_of(callee, "vi", "hoisted") || is_member_of(callee, "vitest", "hoisted")
}

fn is_member_of(expr: &Expr, object: &str, name: &str) -> bool {
    let Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. }) = expr else { return false };
    obj.is_ident_ref_to(object) && prop.sym == *name
}
