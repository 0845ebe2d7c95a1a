//! Function expressions, and the places that name them.

use super::build::{self, computed, object_of, read, string};
use super::context::FileContext;
use super::find::{is_generator_function, is_left_alone};
use super::names::{key_text, own_key, target_name, without_types, without_types_ref};
use super::own_name::show_to_itself;
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::VisitMutWith;
use super::Compiler;

/// What names an anonymous function.
///
/// Source: NamedEvaluation, https://tc39.es/ecma262/#sec-runtime-semantics-namedevaluation
pub enum Hint {
    Name(String),
    /// A key that only run time knows: an expression that gives it again.
    Key(Box<Expr>),
}

/// `fn({ name: value }, location)`, the call that makes a visible function of an anonymous one.
pub fn named(ctx: &mut FileContext, name: &str, value: FnExpr, location: Option<Box<Expr>>) -> Box<Expr> {
    let value = Box::new(Expr::Fn(value));
    // As an engine of ES5 cannot have such a name for a variable, what lowers functions may not name one by it.
    if name.chars().any(|char| char > '\u{ffff}') {
        return ctx.call("same", vec![Some(value), location, Some(string(name))]);
    }
    ctx.call("fn", vec![Some(object_of(own_key(name), value)), location])
}

impl Compiler<'_> {
    pub fn compile_expression(&mut self, expr: &mut Expr, hint: Option<Hint>) {
        match expr {
            Expr::Paren(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsAs(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsConstAssertion(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsSatisfies(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsNonNull(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsTypeAssertion(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::TsInstantiation(outer) => self.visit_with_hint(&mut outer.expr, hint),
            Expr::Fn(node) => {
                node.function.visit_mut_with(self);
                self.place_function(expr, hint);
            }
            Expr::Call(node) => {
                if !is_left_alone(node) {
                    self.compile_call(expr);
                }
            }
            Expr::Object(_) => self.compile_object(expr),
            _ => expr.visit_mut_children_with(self),
        }
    }

    fn visit_with_hint(&mut self, expr: &mut Expr, hint: Option<Hint>) {
        self.hint = hint;
        expr.visit_mut_with(self);
    }

    /// A function whose inside is compiled becomes the argument of a call.
    fn place_function(&mut self, expr: &mut Expr, hint: Option<Hint>) {
        let Expr::Fn(node) = &mut *expr else { return };
        if !is_generator_function(&node.function) {
            return;
        }
        let shows_itself = show_to_itself(&mut self.ctx, node);
        let Expr::Fn(node) = std::mem::take(expr) else { return };
        let span = node.function.span;
        let made = match (&node.ident, hint) {
            (Some(id), _) => {
                let location = self.ctx.location(span, Some(&id.sym));
                let callee = if shows_itself { "same" } else { "fn" };
                self.ctx.call(callee, vec![Some(Box::new(Expr::Fn(node))), location])
            }
            (None, Some(Hint::Name(name))) => {
                let location = self.ctx.location(span, Some(&name));
                named(&mut self.ctx, &name, node, location)
            }
            (None, Some(Hint::Key(key))) => {
                let location = self.ctx.location(span, None);
                let holder = object_of(computed(key), Box::new(Expr::Fn(node)));
                self.ctx.call("fn", vec![Some(holder), location])
            }
            (None, None) => {
                let location = self.ctx.location(span, None);
                self.ctx.call("fn", vec![Some(Box::new(Expr::Fn(node))), location])
            }
        };
        *expr = *made;
    }

    /// `(async function* () {})()`, also by `.call()` and `.apply()`: nobody sees the function.
    fn compile_call(&mut self, expr: &mut Expr) {
        let Expr::Call(node) = &mut *expr else { return };
        let has_comments = !self.ctx.ignored.is_empty();
        let called = match &mut node.callee {
            Callee::Expr(callee) if !has_comments || !self.is_any_ignored(callee) => called_function(callee),
            _ => None,
        };
        let Some(function) = called else { return expr.visit_mut_children_with(self) };
        function.function.visit_mut_with(self);
        let shows_itself = show_to_itself(&mut self.ctx, function);
        if shows_itself {
            // It is wrapped as any other one, with the reads of its name already in place.
            let span = function.function.span;
            let location = self.ctx.location(span, function.ident.as_ref().map(|id| &*id.sym));
            let was = Box::new(Expr::Fn(std::mem::take(function)));
            let wrapped = self.ctx.call("same", vec![Some(was), location]);
            if let Callee::Expr(callee) = &mut node.callee {
                *called_place(callee) = *wrapped;
            }
            node.args.visit_mut_with(self);
            return;
        }
        let name = function.ident.as_ref().map_or(String::new(), |id| id.sym.to_string());
        let location = self.ctx.location(function.function.span, Some(&name));
        node.args.visit_mut_with(self);
        let was = Box::new(std::mem::take(expr));
        *expr = *self.ctx.call("call", vec![Some(was), location]);
    }

    /// The callee, or the function in it.
    fn is_any_ignored(&self, callee: &Expr) -> bool {
        let inner = without_types_ref(callee);
        let function = match inner {
            Expr::Member(member) => without_types_ref(&member.obj),
            other => other,
        };
        self.is_ignored(callee) || self.is_ignored(inner) || self.is_ignored(function)
    }

    fn is_anonymous_generator(&self, value: &Expr) -> bool {
        let inner = without_types_ref(value);
        let Expr::Fn(FnExpr { ident: None, function }) = inner else { return false };
        is_generator_function(function) && !self.is_ignored(value) && !self.is_ignored(inner)
    }

    /// An expression that gives the key of a member a second time and has no effect. Where the key is computed, its value is
    /// kept in a variable of the scope around.
    pub fn key_again(&mut self, key: &mut PropName) -> Box<Expr> {
        let key = match key {
            PropName::Ident(name) => return string(&name.sym),
            PropName::Str(text) => {
                return Box::new(Expr::Lit(Lit::Str(Str { span: Default::default(), ..text.clone() })))
            }
            PropName::Num(number) => return Box::new(Expr::Lit(Lit::Num(number.value.into()))),
            PropName::BigInt(number) => {
                return Box::new(Expr::Lit(Lit::BigInt(BigInt {
                    span: Default::default(),
                    ..number.clone()
                })))
            }
            PropName::Computed(key) => key,
            #[allow(unreachable_patterns)] // A newer SWC may have more.
            _ => return build::undefined(),
        };
        match &*key.expr {
            Expr::Lit(_) => return key.expr.clone(),
            Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. }) => {
                if let Expr::Ident(object) = &**obj {
                    if object.sym == *"Symbol" && object.ctxt == self.ctx.host.unresolved() {
                        return build::member(read(object), &prop.sym);
                    }
                }
            }
            _ => {}
        }
        let id = self.ctx.uid("key");
        if let Some(frame) = self.frames.last_mut() {
            frame.push(id.clone());
        }
        let value = std::mem::replace(&mut key.expr, build::undefined());
        let value = self.ctx.call("key", vec![Some(value)]);
        key.expr = build::assign(&id, value);
        read(&id)
    }

    fn hint_of_key(&mut self, key: &mut PropName, value: &Expr) -> Option<Hint> {
        if !key.is_computed() {
            return key_text(key).map(Hint::Name);
        }
        self.is_anonymous_generator(value).then(|| Hint::Key(self.key_again(key)))
    }

    pub fn name_declarator(&mut self, node: &mut VarDeclarator) {
        if self.is_ignored(node) {
            return;
        }
        node.name.visit_mut_with(self);
        if let Some(init) = &mut node.init {
            self.hint = node.name.as_ident().map(|id| Hint::Name(id.id.sym.to_string()));
            init.visit_mut_with(self);
        }
    }

    pub fn name_assignment(&mut self, node: &mut AssignExpr) {
        node.left.visit_mut_with(self);
        let names = matches!(
            node.op,
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        );
        self.hint = if names { target_name(&node.left).map(Hint::Name) } else { None };
        node.right.visit_mut_with(self);
    }

    pub fn name_default(&mut self, node: &mut AssignPat) {
        node.left.visit_mut_with(self);
        self.hint = node.left.as_ident().map(|id| Hint::Name(id.id.sym.to_string()));
        node.right.visit_mut_with(self);
    }

    pub fn name_property_default(&mut self, node: &mut AssignPatProp) {
        if let Some(value) = &mut node.value {
            self.hint = Some(Hint::Name(node.key.id.sym.to_string()));
            value.visit_mut_with(self);
        }
    }

    pub fn name_property(&mut self, node: &mut KeyValueProp) {
        node.key.visit_mut_with(self);
        let hint = self.hint_of_key(&mut node.key, &node.value);
        // It sets the prototype.
        self.hint = hint.filter(|hint| !matches!(hint, Hint::Name(name) if name == "__proto__"));
        node.value.visit_mut_with(self);
    }

    pub fn name_field(&mut self, node: &mut ClassProp) {
        node.decorators.visit_mut_with(self);
        node.key.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            self.hint = self.hint_of_key(&mut node.key, value);
            value.visit_mut_with(self);
        }
    }

    pub fn name_private_field(&mut self, node: &mut PrivateProp) {
        node.decorators.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            self.hint = Some(Hint::Name(format!("#{}", node.key.name)));
            value.visit_mut_with(self);
        }
    }

    pub fn name_accessor(&mut self, node: &mut AutoAccessor) {
        node.decorators.visit_mut_with(self);
        node.key.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            self.hint = match &mut node.key {
                Key::Private(name) => Some(Hint::Name(format!("#{}", name.name))),
                Key::Public(key) => self.hint_of_key(key, value),
                #[allow(unreachable_patterns)] // A newer SWC may have more.
                _ => None,
            };
            value.visit_mut_with(self);
        }
    }
}

/// The function that a callee is, or whose `.call` or `.apply` it is.
fn called_function(callee: &mut Expr) -> Option<&mut FnExpr> {
    match called_place(callee) {
        Expr::Fn(node) if is_generator_function(&node.function) => Some(node),
        _ => None,
    }
}

fn called_place(callee: &mut Expr) -> &mut Expr {
    let inner = without_types(callee);
    let is_through = matches!(inner, Expr::Member(MemberExpr { prop: MemberProp::Ident(prop), .. })
        if prop.sym == *"call" || prop.sym == *"apply");
    if !is_through {
        return inner;
    }
    match inner {
        Expr::Member(member) => without_types(&mut member.obj),
        other => other,
    }
}
