//! Function declarations right in the body of a generator function.

use super::build;
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::atoms::Atom;
use super::swc_core::ecma::visit::{Visit, VisitWith};
use std::collections::HashSet;

/// The body will stand in a block (see `tell_life`), where a function declaration has a scope of its own. That is as good
/// as before, unless its name is declared a second time:
///
/// | second declaration                           | in a block                                      |
/// |----------------------------------------------|-------------------------------------------------|
/// | another function                             | a SyntaxError, unless both are sloppy and plain |
/// | a `var`, anywhere in the body                | a SyntaxError                                   |
/// | a parameter                                  | another variable than the parameter             |
/// | a function in a block inside, in sloppy code | would no longer assign the outer one            |
/// | maybe one of a direct `eval`, in sloppy code | a SyntaxError there                             |
///
/// Those become `var f = function () {}`, in front of all else.
pub fn functions_to_variables(params: &[Param], stmts: &mut Vec<Stmt>, is_sloppy: bool) {
    let own: Vec<Atom> = stmts.iter().filter_map(name_of).collect();
    if own.is_empty() {
        return;
    }
    let others = declared_names(params, stmts, is_sloppy);
    let is_twice = |name: &Atom| {
        others.has_eval
            || others.names.contains(name)
            || own.iter().filter(|other| *other == name).count() > 1
    };
    if !own.iter().any(is_twice) {
        return;
    }
    let mut first = Vec::new();
    let mut rest = Vec::with_capacity(stmts.len());
    for stmt in stmts.drain(..) {
        match stmt {
            Stmt::Decl(Decl::Fn(FnDecl { ident, function, .. }))
                if function.body.is_some() && is_twice(&ident.sym) =>
            {
                let value = Box::new(Expr::Fn(FnExpr { ident: None, function }));
                first.push(build::variable(VarDeclKind::Var, ident, Some(value)));
            }
            other => rest.push(other),
        }
    }
    first.append(&mut rest);
    *stmts = first;
}

fn name_of(stmt: &Stmt) -> Option<Atom> {
    match stmt {
        Stmt::Decl(Decl::Fn(node)) if node.function.body.is_some() => Some(node.ident.sym.clone()),
        _ => None,
    }
}

/// The names that a function declares beside those of the functions right in its body.
#[derive(Default)]
struct Declared {
    names: HashSet<Atom>,
    has_eval: bool,
    is_sloppy: bool,
    in_binding: bool,
}

fn declared_names(params: &[Param], stmts: &[Stmt], is_sloppy: bool) -> Declared {
    let mut declared = Declared { is_sloppy, ..Default::default() };
    for param in params {
        declared.bind(&param.pat);
    }
    for stmt in stmts {
        if name_of(stmt).is_none() {
            stmt.visit_with(&mut declared);
        }
    }
    declared
}

impl Declared {
    fn bind(&mut self, pat: &Pat) {
        let outer = std::mem::replace(&mut self.in_binding, true);
        pat.visit_with(self);
        self.in_binding = outer;
    }
}

impl Visit for Declared {
    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        if self.in_binding {
            self.names.insert(node.id.sym.clone());
        }
    }

    /// A default value or a computed key of a pattern.
    fn visit_expr(&mut self, node: &Expr) {
        let outer = std::mem::replace(&mut self.in_binding, false);
        node.visit_children_with(self);
        self.in_binding = outer;
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        for each in &node.decls {
            if node.kind == VarDeclKind::Var {
                self.bind(&each.name);
            } else {
                each.name.visit_with(self);
            }
            each.init.visit_with(self);
        }
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        if let Callee::Expr(callee) = &node.callee {
            self.has_eval |= self.is_sloppy && callee.is_ident_ref_to("eval");
        }
        node.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        if self.is_sloppy {
            self.names.insert(node.ident.sym.clone());
        }
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_constructor(&mut self, _: &Constructor) {}
    fn visit_getter_prop(&mut self, _: &GetterProp) {}
    fn visit_setter_prop(&mut self, _: &SetterProp) {}
}
