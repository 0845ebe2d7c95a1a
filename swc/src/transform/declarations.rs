//! Declarations in functions, blocks and namespaces; those of a `switch` stand in `switches`.
//!
//! | where the declaration stands | who may call it before the first statement there   | becomes          |
//! |------------------------------|----------------------------------------------------|------------------|
//! | top level                    | a circular importer                                | pair             |
//! | function, block              | nobody                                             | variable         |
//! | `switch`                     | nobody, but entries are many                       | variable outside |
//! | namespace                    | nobody, but it may only export a declaration       | placeholder      |

use super::build::{self, assign, statement};
use super::expressions::named;
use super::find::is_generator_function;
use super::statements::{declare, List};
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::VisitMutWith;
use super::Compiler;

/// Of two functions with one name in one scope the later one is the function.
pub fn is_replaced_below<'a>(node: &FnDecl, below: impl Iterator<Item = &'a Stmt>) -> bool {
    below.into_iter().any(|stmt| {
        matches!(stmt, Stmt::Decl(Decl::Fn(other)) if other.function.body.is_some() && other.ident.sym == node.ident.sym)
    })
}

impl Compiler<'_> {
    fn is_compiled_declaration(&self, list: &[Stmt], i: usize) -> bool {
        let Stmt::Decl(Decl::Fn(node)) = &list[i] else { return false };
        is_generator_function(&node.function)
            && !self.is_ignored(&list[i])
            && !is_replaced_below(node, list[i + 1..].iter())
    }

    /// `var gen = fn({ gen: async function* () {} }, 'file:1:0');` for each declaration, which it takes out.
    pub fn take_declarations(&mut self, stmts: &mut Vec<Stmt>, list: List) -> Vec<Stmt> {
        let kind = if list == List::Function { VarDeclKind::Var } else { VarDeclKind::Let };
        self.drain_declarations(stmts)
            .into_iter()
            .map(|node| {
                let id = node.ident.clone();
                let value = self.as_expression(node);
                build::variable(kind, id, Some(value))
            })
            .collect()
    }

    pub fn drain_declarations(&self, stmts: &mut Vec<Stmt>) -> Vec<FnDecl> {
        let compiled: Vec<bool> = (0..stmts.len()).map(|i| self.is_compiled_declaration(stmts, i)).collect();
        if !compiled.contains(&true) {
            return Vec::new();
        }
        let mut taken = Vec::new();
        let mut kept = Vec::with_capacity(stmts.len());
        for (stmt, is_taken) in std::mem::take(stmts).into_iter().zip(compiled) {
            match stmt {
                Stmt::Decl(Decl::Fn(node)) if is_taken => taken.push(node),
                other => kept.push(other),
            }
        }
        *stmts = kept;
        taken
    }

    /// `fn({ gen: async function* () {} }, 'file:1:0')`
    ///
    /// Without a name of its own, which Babel keeps in the text: SWC's hygiene renames one where a variable around is called so.
    pub fn as_expression(&mut self, node: FnDecl) -> Box<Expr> {
        let name = node.ident.sym.to_string();
        let location = self.ctx.location(node.function.span, Some(&name));
        named(&mut self.ctx, &name, FnExpr { ident: None, function: node.function }, location)
    }

    /// `function gen() {}` keeps the place of the declaration, which a namespace may export, behind an assignment:
    /// `gen = fn({ gen: async function* () {} }, 'file:1:0')`
    pub fn compile_namespace(&mut self, items: &mut Vec<ModuleItem>) {
        self.frames.push(Vec::new());
        items.visit_mut_children_with(self);
        let mut first = Vec::new();
        for i in 0..items.len() {
            if self.is_ignored(&items[i]) {
                continue;
            }
            let (before, after) = items.split_at_mut(i + 1);
            let (node, is_export) = match &mut before[i] {
                ModuleItem::Stmt(Stmt::Decl(Decl::Fn(node))) => (node, false),
                ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl {
                    decl: Decl::Fn(node), ..
                })) => (node, true),
                _ => continue,
            };
            let is_replaced =
                !is_export && is_replaced_below(node, after.iter().filter_map(|item| item.as_stmt()));
            if !is_generator_function(&node.function) || is_replaced {
                continue;
            }
            let empty = build::declaration(node.ident.clone(), build::function(vec![], vec![]));
            let was = std::mem::replace(node, empty);
            let id = was.ident.clone();
            let value = self.as_expression(was);
            first.push(ModuleItem::Stmt(statement(assign(&id, value))));
        }
        if let Some(keys) = self.frames.pop().filter(|keys| !keys.is_empty()) {
            first.insert(0, ModuleItem::Stmt(declare(VarDeclKind::Let, keys)));
        }
        items.splice(0..0, first);
    }
}
