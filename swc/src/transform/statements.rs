//! Lists of statements, and the functions that have them.

use super::body::tell_life;
use super::build;
use super::find::is_generator_function;
use super::swc_core::common::Spanned;
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{VisitMut, VisitMutWith};
use super::Compiler;

/// What a list of statements is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Of a function, or of a static block of a class.
    Function,
    Block,
    /// Of a `case`, whose scope is that of the `switch`.
    Case,
}

/// How many directives stand in front.
pub fn directives_end(stmts: &[Stmt]) -> usize {
    stmts.iter().take_while(|stmt| is_directive(stmt)).count()
}

fn is_directive(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(ExprStmt { expr, .. }) if matches!(&**expr, Expr::Lit(Lit::Str(_))))
}

pub fn is_strict_by_directive(stmts: &[Stmt]) -> bool {
    stmts.iter().take_while(|stmt| is_directive(stmt)).any(|stmt| match stmt {
        Stmt::Expr(ExprStmt { expr, .. }) => {
            matches!(&**expr, Expr::Lit(Lit::Str(text)) if text.value == *"use strict")
        }
        _ => false,
    })
}

impl Compiler<'_> {
    pub fn is_ignored<N: Spanned>(&self, node: &N) -> bool {
        !self.ctx.ignored.is_empty() && self.ctx.is_ignored(node.span_lo())
    }

    pub fn compile_statements(&mut self, stmts: &mut Vec<Stmt>) {
        let list = std::mem::replace(&mut self.list, List::Block);
        if list == List::Case {
            stmts.visit_mut_children_with(self);
            return;
        }
        self.frames.push(Vec::new());
        stmts.visit_mut_children_with(self);
        let mut first = self.take_declarations(stmts, list);
        if let Some(keys) = self.frames.pop().filter(|keys| !keys.is_empty()) {
            first.insert(0, declare(VarDeclKind::Let, keys));
        }
        if !first.is_empty() {
            let at = directives_end(stmts);
            stmts.splice(at..at, first);
        }
    }

    pub fn compile_function(&mut self, node: &mut Function) {
        let outer = self.is_strict;
        node.decorators.visit_mut_with(self);
        if let Some(body) = &node.body {
            self.is_strict |= is_strict_by_directive(&body.stmts);
        }
        node.params.visit_mut_with(self);
        if let Some(body) = &mut node.body {
            let list = std::mem::replace(&mut self.list, List::Function);
            self.compile_statements(&mut body.stmts);
            self.list = list;
        }
        if is_generator_function(node) {
            tell_life(&mut self.ctx, node, !self.is_strict);
        }
        self.is_strict = outer;
    }

    pub fn compile_arrow(&mut self, node: &mut ArrowExpr) {
        let list = std::mem::replace(&mut self.list, List::Block);
        node.params.visit_mut_with(self);
        if !node.body.is_expr() {
            self.list = List::Function;
            node.body.visit_mut_with(self);
        } else {
            self.frames.push(Vec::new());
            node.body.visit_mut_with(self);
            if let Some(keys) = self.frames.pop().filter(|keys| !keys.is_empty()) {
                give_statements(node, |value| vec![declare(VarDeclKind::Let, keys), build::return_of(value)]);
            }
        }
        self.list = list;
    }
}

pub fn declare(kind: VarDeclKind, ids: Vec<Ident>) -> Stmt {
    build::variables(kind, ids.into_iter().map(|id| build::declarator(Pat::Ident(id.into()), None)).collect())
}

/// `() => value` becomes `() => { … }`.
fn give_statements(node: &mut ArrowExpr, make: impl FnOnce(Box<Expr>) -> Vec<Stmt>) {
    /// The type of the body has another name in each generation, and its list of statements has one in none.
    struct Fill(Vec<Stmt>);
    impl VisitMut for Fill {
        fn visit_mut_stmts(&mut self, stmts: &mut Vec<Stmt>) {
            *stmts = std::mem::take(&mut self.0);
        }
    }
    let Some(value) = std::mem::take(&mut *node.body).expr() else { return };
    node.body.visit_mut_with(&mut Fill(make(value)));
}
