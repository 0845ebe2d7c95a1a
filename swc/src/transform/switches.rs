//! Declarations in `switch` statements.

use super::build::{assign, block, sequence, statement};
use super::context::fresh_context;
use super::statements::declare;
use super::swc_core::common::SyntaxContext;
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::atoms::Atom;
use super::swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith};
use super::Compiler;
use std::collections::HashSet;

impl Compiler<'_> {
    /// ```js
    /// let gen;
    /// switch (x) {
    ///   case gen = fn({ gen: async function* () {} }, 'file:1:0'), 0:
    /// ```
    ///
    /// A function in the place of the declaration would be lowered, or lifted out of the `switch`. The variables are other
    /// ones than those outside of the same names; SWC gives them other names where they would meet.
    pub fn compile_switch(&mut self, stmt: &mut Stmt) {
        stmt.visit_mut_children_with(self);
        let Stmt::Switch(node) = stmt else { return };
        let mut declarations = Vec::new();
        for i in 0..node.cases.len() {
            declarations
                .extend(self.drain_declarations(&mut node.cases[i].cons).into_iter().map(|node| (i, node)));
        }
        let Some(first) = declarations.first().map(|(i, _)| *i) else { return };
        for i in 0..declarations.len() {
            let name = declarations[i].1.ident.sym.clone();
            let mut others = Others { name: name.clone(), in_binding: false, contexts: HashSet::new() };
            node.cases.visit_with(&mut others);
            declarations.iter().for_each(|(_, declaration)| declaration.function.visit_with(&mut others));
            let mut rename = Rename { name, others: others.contexts, to: fresh_context() };
            node.cases.visit_mut_with(&mut rename);
            declarations.iter_mut().for_each(|(_, declaration)| declaration.visit_mut_with(&mut rename));
        }
        let ids = declarations.iter().map(|(_, declaration)| declaration.ident.clone()).collect();
        let tested = node.cases.iter().position(|clause| clause.test.is_some());
        let place = tested.unwrap_or(first);
        let mut values: Vec<Box<Expr>> = declarations
            .into_iter()
            .map(|(_, declaration)| {
                let id = declaration.ident.clone();
                let value = self.as_expression(declaration);
                assign(&id, value)
            })
            .collect();
        let clause = &mut node.cases[place];
        match clause.test.take() {
            Some(test) => {
                values.push(test);
                clause.test = Some(sequence(values));
            }
            None => {
                clause.cons.splice(0..0, values.into_iter().map(statement));
            }
        }
        let switch = std::mem::take(stmt);
        *stmt = Stmt::Block(block(vec![declare(VarDeclKind::Let, ids), switch]));
    }
}

/// The contexts of the other variables of a name that are declared inside of the `switch`.
///
/// What is left means the function: SWC takes a name in an earlier `case` for that of a variable outside, or for one that
/// the file does not declare.
struct Others {
    name: Atom,
    in_binding: bool,
    contexts: HashSet<SyntaxContext>,
}

impl Others {
    fn add(&mut self, id: &Ident) {
        if id.sym == self.name {
            self.contexts.insert(id.ctxt);
        }
    }

    fn bind<N: VisitWith<Self>>(&mut self, node: &N) {
        let outer = std::mem::replace(&mut self.in_binding, true);
        node.visit_with(self);
        self.in_binding = outer;
    }
}

impl Visit for Others {
    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        if self.in_binding {
            self.add(&node.id);
        }
    }

    /// A default value or a computed key of a pattern, or what stands in a function.
    fn visit_expr(&mut self, node: &Expr) {
        let outer = std::mem::replace(&mut self.in_binding, false);
        node.visit_children_with(self);
        self.in_binding = outer;
    }

    fn visit_var_declarator(&mut self, node: &VarDeclarator) {
        self.bind(&node.name);
        node.init.visit_with(self);
    }

    fn visit_assign_pat_prop(&mut self, node: &AssignPatProp) {
        if self.in_binding {
            self.add(&node.key.id);
        }
        node.value.visit_with(self);
    }

    fn visit_params(&mut self, nodes: &[Param]) {
        nodes.iter().for_each(|param| self.bind(&param.pat));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        self.bind(&node.params);
        node.body.visit_with(self);
    }

    /// Its fields have other names in each generation.
    fn visit_setter_prop(&mut self, node: &SetterProp) {
        let outer = std::mem::replace(&mut self.in_binding, true);
        node.visit_children_with(self);
        self.in_binding = outer;
    }

    fn visit_stmts(&mut self, nodes: &[Stmt]) {
        let outer = std::mem::replace(&mut self.in_binding, false);
        nodes.visit_children_with(self);
        self.in_binding = outer;
    }

    fn visit_catch_clause(&mut self, node: &CatchClause) {
        self.bind(&node.param);
        node.body.visit_with(self);
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.add(&node.ident);
        node.function.visit_with(self);
    }

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        node.ident.iter().for_each(|id| self.add(id));
        node.function.visit_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.add(&node.ident);
        node.class.visit_with(self);
    }

    fn visit_class_expr(&mut self, node: &ClassExpr) {
        node.ident.iter().for_each(|id| self.add(id));
        node.class.visit_with(self);
    }
}

struct Rename {
    name: Atom,
    others: HashSet<SyntaxContext>,
    to: SyntaxContext,
}

impl VisitMut for Rename {
    fn visit_mut_ident(&mut self, id: &mut Ident) {
        // Without a context it is no variable: a label, an element of HTML.
        let is_variable = id.ctxt != SyntaxContext::empty();
        if is_variable && id.sym == self.name && !self.others.contains(&id.ctxt) {
            id.ctxt = self.to;
        }
    }

    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {}
    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {}
    fn visit_mut_labeled_stmt(&mut self, node: &mut LabeledStmt) {
        node.body.visit_mut_with(self);
    }
}
