//! A declaration at the top level becomes two, both hoisted:
//!
//! ```js
//! function gen(_x) {
//!   return wrap(new.target || apply(_gen, this, arguments), _record || (_definitions(), _record));
//! }
//! async function* _gen(x) {}
//! ```
//!
//! `_record` is set by `_definitions`, which the module calls first of all, and a circular importer may call before it.

use super::build::{self, call, or, read, sequence, string, this};
use super::context::{fresh_context, PairRecord};
use super::declarations::is_replaced_below;
use super::find::is_generator_function;
use super::swc_core::common::{Span, DUMMY_SP};
use super::swc_core::ecma::ast::*;
use super::Compiler;

impl Compiler<'_> {
    pub fn make_pairs(&mut self, items: &mut Vec<ModuleItem>) {
        let mut placed = Vec::with_capacity(items.len());
        let is_pair: Vec<bool> = (0..items.len()).map(|i| self.is_pair(items, i)).collect();
        for (mut item, is_pair) in std::mem::take(items).into_iter().zip(is_pair) {
            let inner = if is_pair { self.make_pair(&mut item) } else { None };
            placed.push(item);
            placed.extend(inner.map(|inner| ModuleItem::Stmt(Stmt::Decl(Decl::Fn(inner)))));
        }
        *items = placed;
    }

    fn is_pair(&self, items: &[ModuleItem], i: usize) -> bool {
        if self.is_ignored(&items[i]) {
            return false;
        }
        match &items[i] {
            ModuleItem::Stmt(Stmt::Decl(Decl::Fn(node))) => {
                let below = items[i + 1..].iter().filter_map(|item| item.as_stmt());
                is_generator_function(&node.function) && !is_replaced_below(node, below)
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl { decl: Decl::Fn(node), .. })) => {
                is_generator_function(&node.function)
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(ExportDefaultDecl {
                decl: DefaultDecl::Fn(node),
                ..
            })) => is_generator_function(&node.function),
            _ => false,
        }
    }

    /// Puts the visible function in, behind `export` if that is there, and gives the function of the source back.
    fn make_pair(&mut self, item: &mut ModuleItem) -> Option<FnDecl> {
        match item {
            ModuleItem::Stmt(Stmt::Decl(Decl::Fn(node)))
            | ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(ExportDecl { decl: Decl::Fn(node), .. })) => {
                let (inner, visible) = self.split(Some(&node.ident), &node.function);
                let was = std::mem::replace(&mut *node.function, visible.function);
                node.ident.span = DUMMY_SP;
                Some(build::declaration(inner, was))
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(ExportDefaultDecl {
                decl: DefaultDecl::Fn(node),
                ..
            })) => {
                let (inner, visible) = self.split(node.ident.as_ref(), &node.function);
                let was = std::mem::replace(&mut *node.function, visible.function);
                node.ident = Some(visible.ident);
                Some(build::declaration(inner, was))
            }
            _ => None,
        }
    }

    fn split(&mut self, id: Option<&Ident>, function: &Function) -> (Ident, Visible) {
        let name = id.map_or("default".to_owned(), |id| id.sym.to_string());
        let visible = id.map_or_else(|| self.ctx.uid(&name), |id| Ident { span: DUMMY_SP, ..id.clone() });
        // To tools that read the source map this one is the function.
        let inner = Ident { span: id.map_or(Span::default(), |id| id.span), ..self.ctx.uid(&name) };
        let record = self.ctx.uid(&format!("{name}Record"));
        let location = self.ctx.location(function.span, Some(&name));
        let own_name = if id.is_some() { None } else { Some(string(&name)) };
        let args = vec![Some(read(&visible)), Some(read(&inner)), location, own_name];
        let define = self.ctx.call("define", args);
        let function = self.visible_function(&visible, &inner, &record, function);
        self.ctx.records.push(PairRecord { id: record, define });
        (inner, Visible { ident: visible, function })
    }

    fn visible_function(
        &mut self,
        id: &Ident,
        inner: &Ident,
        record: &Ident,
        function: &Function,
    ) -> Function {
        let made = call(read(&self.ctx.definitions()), vec![]);
        let new_target = Expr::MetaProp(MetaPropExpr { span: DUMMY_SP, kind: MetaPropKind::NewTarget });
        let arguments = Expr::Ident(build::ident("arguments", self.ctx.host.unresolved()));
        let applied =
            self.ctx.call("apply", vec![Some(read(inner)), Some(this()), Some(Box::new(arguments))]);
        let body = self.ctx.call(
            "wrap",
            vec![
                Some(or(Box::new(new_target), applied)),
                Some(or(read(record), sequence(vec![made, read(record)]))),
            ],
        );
        let context = fresh_context();
        let name = |i: usize| if i == 0 { "_x".to_owned() } else { format!("_x{}", i + 1) };
        let params = (0..counted_params(function)).map(|i| build::ident(&name(i), context)).collect();
        let mut stmts = vec![build::return_of(body)];
        // A sloppy function has own `caller` and `arguments`; a generator function has not.
        if !self.is_strict && Ident::verify_symbol(&id.sym).is_ok() {
            stmts.insert(0, build::statement(string("use strict")));
        }
        build::function(params, stmts)
    }
}

struct Visible {
    ident: Ident,
    function: Function,
}

/// How many parameters `Function.prototype.length` counts.
fn counted_params(function: &Function) -> usize {
    let is_this = |param: &&Param| matches!(&param.pat, Pat::Ident(id) if id.id.sym == *"this");
    function
        .params
        .iter()
        .filter(|param| !is_this(param))
        .take_while(|param| !matches!(param.pat, Pat::Assign(_) | Pat::Rest(_)))
        .count()
}
