//! Inside a function expression its own name is the inner function.

use super::build;
use super::context::FileContext;
use super::statements::directives_end;
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{VisitMut, VisitMutWith};

/// Lets each place that reads its own name see the visible function: `same(self)`. Tells whether there is such a place.
pub fn show_to_itself(ctx: &mut FileContext, node: &mut FnExpr) -> bool {
    let Some(id) = &node.ident else { return false };
    let mut reads = Reads { id: id.to_id(), tag: None, takes_tags: false, found: false, ctx };
    node.function.params.visit_mut_with(&mut reads);
    reads.takes_tags = true;
    if let Some(body) = &mut node.function.body {
        body.stmts.visit_mut_with(&mut reads);
        if let Some(tag) = reads.tag.take() {
            reads.found = true;
            // A tag is a name and cannot be a call: `const Self = same(Self);`
            let value = reads.same(id);
            let at = directives_end(&body.stmts);
            body.stmts.insert(at, build::variable(VarDeclKind::Const, tag, Some(value)));
        }
    }
    reads.found
}

struct Reads<'a, 'b> {
    ctx: &'a mut FileContext<'b>,
    id: Id,
    tag: Option<Ident>,
    /// The parameters do not see what the body declares.
    takes_tags: bool,
    found: bool,
}

impl Reads<'_, '_> {
    fn is_own(&self, id: &Ident) -> bool {
        id.sym == self.id.0 && id.ctxt == self.id.1
    }

    fn same(&mut self, id: &Ident) -> Box<Expr> {
        self.ctx.call("same", vec![Some(Box::new(Expr::Ident(id.clone())))])
    }
}

impl VisitMut for Reads<'_, '_> {
    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Ident(id) if self.is_own(id) => {
                let id = id.clone();
                self.found = true;
                *expr = *self.same(&id);
            }
            // Where the name is assigned that fails or does nothing.
            Expr::Update(UpdateExpr { arg, .. })
            | Expr::Unary(UnaryExpr { op: UnaryOp::Delete, arg, .. })
                if arg.is_ident() => {}
            _ => expr.visit_mut_children_with(self),
        }
    }

    fn visit_mut_prop(&mut self, prop: &mut Prop) {
        match prop {
            Prop::Shorthand(id) if self.is_own(id) => {
                let id = id.clone();
                self.found = true;
                let value = self.same(&id);
                *prop = Prop::KeyValue(KeyValueProp { key: PropName::Ident(id.into()), value });
            }
            _ => prop.visit_mut_children_with(self),
        }
    }

    fn visit_mut_for_head(&mut self, head: &mut ForHead) {
        let is_target =
            matches!(head, ForHead::Pat(pat) if matches!(&**pat, Pat::Expr(target) if target.is_ident()));
        if !is_target {
            head.visit_mut_children_with(self);
        }
    }

    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        // `(name) = 1`
        let is_target = matches!(target, SimpleAssignTarget::Paren(outer) if outer.expr.is_ident());
        if !is_target {
            target.visit_mut_children_with(self);
        }
    }

    fn visit_mut_jsx_element_name(&mut self, name: &mut JSXElementName) {
        match name {
            JSXElementName::Ident(id) if self.takes_tags && self.is_own(id) => *id = self.tag(),
            _ => name.visit_mut_children_with(self),
        }
    }

    fn visit_mut_jsx_object(&mut self, object: &mut JSXObject) {
        match object {
            JSXObject::Ident(id) if self.takes_tags && self.is_own(id) => *id = self.tag(),
            _ => object.visit_mut_children_with(self),
        }
    }
}

impl Reads<'_, '_> {
    fn tag(&mut self) -> Ident {
        if self.tag.is_none() {
            self.tag = Some(self.ctx.uid(&self.id.0));
        }
        self.tag.clone().unwrap_or_default()
    }
}
